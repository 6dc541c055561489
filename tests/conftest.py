"""What many tests share: the real gazetteer and the whole pipeline, each loaded once."""

import pytest
from extract.gazetteer import Gazetteer
from extract.pipeline import Extractor


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer.open(progress=False)


@pytest.fixture(scope="session")
def extractor(gazetteer: Gazetteer) -> Extractor:
    return Extractor(gazetteer=gazetteer)
