"""Report text to grades: pure functions on strings, with the words that prove each grade.

A report goes through the rooms from the top down; `labeling.labeler` leads it.

============================================  ===========================================================
``normalise``, ``dictation``, ``legends``     one spelling of dashes, letters, numbers, scores
``forms``                                     boxes to tick and lists to pick from: what was chosen
``run_together``                              numbered items, a line each
``sections``, ``lines``, ``run_ons``          sentences, and the headings above them
``tagging``, ``levels``, ``spelling``         words to tags, one character of speech each
``speech``                                    what the neighbours of a word make of it
``rewriting``                                 the order of a sentence, and what is passed over
``grammar``, ``linking``                      items of a sentence, and what they state
``grids``                                     tables, which are read instead
``discourse``                                 pronouns, opinions, what is of an earlier study
``walk``                                      levels in force, copies, remaining levels: claims of cells
``consensus``, ``evidence``                   one grade a cell, and the words that prove it
``sources``, ``bridges``                      archives in; spaCy and medspaCy
``agreement``, ``difference``, ``coverage``   gold, another run, what no rule read
============================================  ===========================================================
"""
