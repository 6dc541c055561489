"""Addresses: one form for one page, and the ones that may not be asked."""

from __future__ import annotations

import pytest

from extract.errors import FetchError
from extract.sources.addresses import canonicalise, check_port, is_public, is_same_site
from extract.sources.files import Refusal, read_articles


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://News.Example:443/A/b?utm_source=x&id=7#part", "https://news.example/A/b?id=7"),
        ("http://news.example", "http://news.example/"),
        ("http://news.example:8080/a?fbclid=1", "http://news.example:8080/a"),
        ("https://bücher.example/a", "https://xn--bcher-kva.example/a"),
        ("https://[2001:DB8::1]/a", "https://[2001:db8::1]/a"),
        ("https://news.example/a?rss&fbclid=1&x=/b/", "https://news.example/a?rss&x=/b/"),
        ("https://news.example/süd?q=a b", "https://news.example/s%C3%BCd?q=a%20b"),
        ("https://news.example/a?utm%5Fsource=1&%75tm_medium=x", "https://news.example/a"),
    ],
)
def test_one_page_has_one_address(url: str, canonical: str) -> None:
    assert canonicalise(url) == canonical
    assert canonicalise(canonical) == canonical


@pytest.mark.parametrize(
    "url",
    ["ftp://a.example/x", "file:///etc/passwd", "javascript://x", "http://", "http://a:b@c.example",
     "http://a.example:99999/", "http://[::1/", "gopher://a.example", "http://@a.example/",
     "http://2130706433/", "http://0x7f.1/", "http://0177.0.0.1/", "http://1.2.3/", "http://1/",
     "http://good.example\\@evil.example/"],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(FetchError):
        canonicalise(url)
    (refusal,) = read_articles([url])
    assert isinstance(refusal, Refusal)
    assert refusal.origin == url


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:4700::1111", True),
        ("127.0.0.1", False), ("10.1.2.3", False), ("172.16.0.1", False), ("192.168.1.1", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False),
        ("224.0.0.1", False), ("255.255.255.255", False), ("::1", False), ("::", False),
        ("fe80::1%eth0", False), ("fc00::1", False), ("::ffff:127.0.0.1", False),
        ("2002:7f00:1::", False), ("64:ff9b::7f00:1", False),
        ("168.63.129.16", False), ("192.88.99.1", False),
        ("64:ff9b:1::7f00:1", False), ("fec0::1", False), ("::127.0.0.1", False),
        ("fd00:ec2::254", False), ("100.100.100.200", False), ("198.18.0.1", False),
        ("2001:0:7f00:1::", False), ("ff02::1", False), ("240.0.0.1", False),
        ("64:ff9b::5db8:d822", True),
    ],
)  # fmt: skip
def test_only_the_public_internet_is_public(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://news.example/a", "http://www.news.example:8080/b", True),
        ("https://m.news.example/a", "https://amp.news.example/a", True),
        ("https://english.news.example/", "https://news.example/", True),
        ("https://news.example/", "https://other.example/", False),
        ("https://badnews.example/", "https://news.example/", False),
        ("https://example/", "https://news.example/", False),
        ("https://news.example/", "no address", False),
    ],
)
def test_one_outlet_has_one_site(one: str, other: str, same: bool) -> None:
    assert is_same_site(one, other) is same
    assert is_same_site(other, one) is same


def test_the_webs_ports_are_allowed() -> None:
    for url in ("http://a.example/", "http://a.example:443/", "http://a.example:8080/"):
        check_port(url)
    with pytest.raises(FetchError, match="port 25"):
        check_port("http://a.example:25/")
