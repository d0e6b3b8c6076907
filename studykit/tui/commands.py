"""The commands of the app, and of the screens for home, study and reading, with their keys.

The other screens list theirs beside what carries them out.
"""

from __future__ import annotations

from studykit.tui.command import Command

# Everywhere.
QUIT = Command(
    "quit",
    "ctrl+q",
    "Quit studykit",
    action="app.quit",
    more="Everything you graded is saved already.",
)
PALETTE = Command(
    "palette",
    "ctrl+p",
    "Find a command",
    action="app.command_palette",
    more="Every action by name.",
)
HELP = Command(
    "help",
    "question_mark,f1",
    "Help",
    action="app.help",
    footer="Help",
    more="The keys of this screen, and grades.",
)
THEME = Command(
    "theme",
    "ctrl+t",
    "Light or dark",
    action="app.switch_theme",
    more="From the dark theme to the light one, or back.",
)
EVERYWHERE = (HELP, PALETTE, THEME, QUIT)

# Reading and scrolling.
SCROLLING = (
    Command("down", "down,j", "Scroll down", action="scroll('down')", group="scroll"),
    Command("up", "up,k", "Scroll up", action="scroll('up')", group="scroll"),
    Command("page-down", "pagedown", "A page down", action="scroll('page_down')", group="page"),
    Command("page-up", "pageup", "A page up", action="scroll('page_up')", group="page"),
    Command("left", "left", "Scroll left", action="scroll('left')", group="sideways"),
    Command("right", "right", "Scroll right", action="scroll('right')", group="sideways"),
    Command("top", "home,g", "To the top", action="scroll('home')", group="ends"),
    Command("bottom", "end,G", "To the end", action="scroll('end')", group="ends"),
)
BACK = Command("back", "escape,q", "Back", footer="Back", more="To the screen before.")
CLOSE = Command("close", "enter,space", "Done reading", action="back")

# Home.
BROWSING = Command(
    "browse",
    "b",
    "Browse cards and families",
    action="app.browse",
    footer="Browse",
    more="Find, look at, suspend, edit or practise any of them.",
)
STATISTICS = Command(
    "stats",
    "s",
    "Statistics",
    action="app.stats",
    footer="Stats",
    more="Retention, forecast, memory, time, calibration, mistakes, decks.",
)
MISTAKE_LOG = Command(
    "mistakes",
    "m",
    "Mistakes you made",
    action="app.mistakes",
    footer="Mistakes",
    more="What went wrong, how often, and practice on exactly that.",
)
SETTINGS = Command(
    "settings",
    "o",
    "Settings",
    action="app.settings",
    more="New cards a day, retention, easy days, theme, keys and more.",
)
PLANNING = Command(
    "plan",
    "p",
    "Plan for an interview",
    action="app.plan",
    footer="Plan",
    more="How ready you will be on a date, and what to do each day.",
)
INTERVIEWING = Command(
    "interview",
    "v",
    "Be interviewed",
    action="app.interview",
    footer="Interview",
    more="A timed mock interview with a scorecard, or two minutes of rapid fire.",
)
HOME = (
    Command(
        "study",
        "enter",
        "Study this deck",
        footer="Study",
        more="A deck that is off is asked only here, until you have begun it.",
    ),
    Command(
        "study-all",
        "a,space",
        "Study everything due",
        footer="All due",
        more="Due cards of all decks first, then new ones within today's limit.",
    ),
    Command("next-deck", "down,j", "Next deck", action="move('down')", group="decks"),
    Command("previous-deck", "up,k", "Previous deck", action="move('up')", group="decks"),
    Command("first-deck", "home,g", "First deck", action="move('first')", group="ends"),
    Command("last-deck", "end,G", "Last deck", action="move('last')", group="ends"),
    Command(
        "undo",
        "u,f8",
        "Undo the last grade",
        footer="Undo",
        more="Takes back the last grade, also of an earlier day, and asks that card again.",
    ),
    Command(
        "edited",
        "c",
        "Changed cards",
        footer="Changed",
        more="Cards whose text was edited: keep their progress or start anew.",
    ),
    BROWSING,
    STATISTICS,
    MISTAKE_LOG,
    PLANNING,
    INTERVIEWING,
    SETTINGS,
    Command("tour", "f10", "The tour", action="app.tour", more="Three short screens."),
    Command("leave-app", "q", "Quit", action="app.quit", footer="Quit"),
)

# Study. The order decides which of two commands on one key comes first when both make sense.
TYPE = Command(
    "type", "enter,tab,t", "Type the answer", footer="Type", more="Back into the answer field."
)
CHECK = Command(
    "check",
    "f5,ctrl+s",
    "Check what I typed",
    footer="Check",
    more="One line: Enter. Several rows: Enter on an empty row, or F5.",
)
REVEAL = Command("reveal", "space,enter,f3", "Show the answer", footer="Answer")
GIVE_UP = Command(
    "give-up",
    "f3",
    "Show the answer without typing one",
    action="give_up",
    footer="Answer",
    more="Counts as not known.",
)
UNDO = Command("undo", "u,f8", "Undo the last grade", footer="Undo", more="F8 while typing.")
TICKED = Command(
    "ticked", "enter,space", "Done ticking", footer="Done", more="On to the grade they suggest."
)
ACCEPT = Command(
    "accept",
    "enter,space",
    "Accept the suggested grade",
    footer="Accept",
    more="Good where you judge yourself.",
)
GRADES = tuple(
    Command(
        name,
        str(value),
        f"Grade {name.title()}",
        action=f"grade({value})",
        group="grade",
        footer="Grade" if value == 1 else "",
    )
    for value, name in enumerate(("again", "hard", "good", "easy"), 1)
)
PICKS = tuple(
    Command(
        f"pick-{number}",
        str(number),
        f"Choose answer {number}",
        action=f"pick({number - 1})",
        group="pick",
        footer="Choose" if number == 1 else "",
    )
    for number in range(1, 10)
)
TICK_KEYS = "1234567890xy"
TICKS = tuple(
    Command(
        f"tick-{number}",
        key,
        f"Tick point {number}",
        action=f"tick({number - 1})",
        group="tick",
        footer="Tick" if number == 1 else "",
    )
    for number, key in enumerate(TICK_KEYS, 1)
)
STEPS = Command(
    "steps",
    "f,f9",
    "Step by step",
    footer="Steps",
    more="Later steps are marked from your own numbers. After a wrong answer it finds the slip.",
)
WHOLE = Command(
    "whole", "f,f9", "Back to the whole answer", footer="Whole", more="Steps that are done stay so."
)
NOTES = Command(
    "notes",
    "t,tab",
    "Take notes",
    footer="Notes",
    more="On an open question: think aloud in writing; kept with your answer.",
)
STUDY = (
    TYPE,
    NOTES,
    CHECK,
    REVEAL,
    GIVE_UP,
    TICKED,
    ACCEPT,
    *PICKS,
    *TICKS,
    *GRADES,
    Command("hint", "h,f2", "Hint", footer="Hint", more="One step at a time. F2 while typing."),
    Command(
        "solution",
        "w,f4",
        "Worked solution",
        footer="Worked",
        more="Step by step with these numbers, once you have answered.",
    ),
    Command(
        "weights",
        "l",
        "Map of the attention weights",
        footer="Map",
        more="Which query looks at which key, once you have answered.",
    ),
    STEPS,
    WHOLE,
    Command(
        "pad",
        "r,f7",
        "Scratchpad",
        footer="Pad",
        more="A calculator that knows the numbers of the problem. F7 while typing.",
    ),
    Command(
        "grid",
        "f6,ctrl+g",
        "Grid or rows",
        action="switch_entry",
        more="Type a matrix cell by cell or as text; what you typed stays.",
    ),
    Command(
        "note",
        "n",
        "What the note says",
        action="correction",
        footer="Note",
        more="What the source claims and what is right, where the card corrects it.",
    ),
    UNDO,
    Command("edit", "e", "Edit this card", more="In your editor, at the card's line."),
    Command("bury", "minus,equals_sign", "Bury until tomorrow"),
    Command(
        "suspend", "@,!", "Suspend this card", more="Not asked again, unless it is taken back."
    ),
    Command("info", "i", "Why is this due?", more="When it was seen, and what memory predicts."),
    Command("rub-out", "backspace", "Take back the ticks", action="untick"),
    Command(
        "leave",
        "q,escape",
        "Back to the decks",
        footer="Leave",
        more="Esc leaves the answer field first. What you typed stays.",
    ),
    *SCROLLING,
)

PAD = (
    Command("work", "enter", "Work it out", footer="Work out", more="Up brings earlier lines."),
    Command(
        "take",
        "ctrl+r",
        "Take the result into the answer",
        footer="Take",
        more="The last result, with eight digits.",
    ),
    Command(
        "close-pad",
        "escape,f7",
        "Close the pad",
        action="back",
        footer="Close",
        more="Its lines stay.",
    ),
    Command(
        "page-down", "pagedown", "Problem: a page down", action="scroll('page_down')", group="page"
    ),
    Command("page-up", "pageup", "Problem: a page up", action="scroll('page_up')", group="page"),
)

SUMMARY = (
    Command("done", "enter,space,q,escape", "Back to the decks", footer="Done"),
    Command("undo", "u,f8", "Undo the last grade", footer="Undo"),
    Command(
        "cram",
        "c",
        "Practise anyway",
        footer="Practise",
        more="Goes through cards that are not due; the schedule stays as it is.",
    ),
    *SCROLLING,
)

READING = (BACK, CLOSE, *SCROLLING)
FAULTS = (
    Command(
        "edit", "e", "Edit the deck", footer="Edit", more="In your editor, at the first fault."
    ),
    *READING,
)

IDENTITY = (
    Command("keep", "y,enter", "It is the same card", footer="Keep", more="Its reviews stay."),
    Command("anew", "n", "It is a new card", footer="Start anew", more="It is learnt from zero."),
    Command("later", "escape,q", "Ask me later", footer="Later"),
    *SCROLLING,
)
