"""The parts of the temporal tagger; `extract.mentions.timexes` is its door.

tokens      text -> words, numbers and marks, each of a kind
grammar     kinds -> matches of the rules' patterns
readings    what a rule makes of a match, and the small arithmetic shared by all rules
explicit, relative, durations, clock, named    the rules, by what they read
values      TIMEX3 values -> inclusive days, EDTF
calendars   holidays, the Islamic, Persian and Hebrew calendars
tense       where a clause stands in time
anchors     the day that a text's words are reckoned from
"""
