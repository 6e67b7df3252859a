"""Every word that the app's scripts show, in the language of the request. `{name}` stands for a value."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def texts() -> dict[str, str]:
    """Key -> text; the scripts ask for keys (`dom.js: t`)."""
    return _app() | _times() | _tasks() | _forms() | _queue() | _refusals() | _patrol()


def _app() -> dict[str, str]:
    return {
        "tasks": _("My tasks"),
        "report": _("Report a problem"),
        "patrol": _("Patrol"),
        "queue": _("To be sent"),
        "online": _("on-line"),
        "offline": _("no network"),
        "welcome": _("Field work"),
        "welcome_why": _("Sign in to read your tasks. Then it works without a network too."),
        "welcome_offline": _(
            "There is no network now. Signing in needs it once; after that it works without."
        ),
        "sealed_wait": _(
            "On this phone {n} things wait to be sent. They are sealed until the person who made them signs in again."
        ),
        "sign_in": _("Sign in"),
        "sign_out": _("Sign out"),
        "sign_out_sure": _("Sign out? Tasks and photos that were read are removed from this phone."),
        "sign_out_waits": _(
            "{n} things are not sent yet. They stay sealed on this phone until you sign in again. Sign out?"
        ),
        "signed_out": _("You have signed out."),
        "stay": _("Stay"),
        "session_ended": _(
            "Your session has ended. You can go on working; nothing is sent until you sign in again."
        ),
        "install_how": _(
            "To keep it at hand: open the browser's menu and choose “Install app” or “Add to home screen”."
        ),
        "workbench": _("Workbench"),
        "large_text": _("Large text"),
        "dark_light": _("Dark or light"),
        "other_language": pgettext("name of the other language", "中文"),
        "on_this_phone": _("On this phone"),
        "on_this_phone_what": _(
            "Your tasks, small pictures and what is not sent yet lie here, sealed for you. Signing out removes what was "
            "read; what is not sent stays sealed for you."
        ),
        "needs_network": _("This needs a network."),
        "new_version": _("A new version is ready. It opens the next time."),
        "page_failed": _("This page could not be shown. Close the app and open it again; nothing is lost."),
    }


def _times() -> dict[str, str]:
    return {
        "under_a_minute": _("under a minute"),
        "minutes": _("{n} min"),
        "hours": _("{n} h"),
        "hours_minutes": _("{h} h {m} min"),
        "days": _("{n} d"),
        "days_hours": _("{d} d {h} h"),
        "due_held": _("clock paused"),
        "due_none": _("no due time"),
        "due_overdue": _("overdue by {span}"),
        "due_left": _("{span} left"),
        "metres": _("{n} m"),
        "kilometres": _("{n} km"),
    }


def _tasks() -> dict[str, str]:
    return {
        "tasks_reading": _("Your tasks are being read…"),
        "tasks_never_read": _("Your tasks were not read on this phone yet. That needs a network once."),
        "tasks_as_of": _("{n} tasks, as of {when}."),
        "tasks_more": _("There are more; those due first are here."),
        "tasks_none": _("Nothing to do."),
        "by_due": _("By time"),
        "by_distance": _("By distance"),
        "map": _("Map"),
        "map_hint": _("Drag to move. Tap a mark to see the task."),
        "map_of_tasks": _("Map with {n} tasks. The list shows the same tasks."),
        "map_of_track": _("Map of the way walked so far"),
        "nearer": _("Nearer"),
        "further": _("Further"),
        "whole": _("All"),
        "place_unknown": _("place not given"),
        "not_sent_yet": _("not sent yet"),
        "taken_by_you": _("taken by you"),
        "not_taken": _("not taken yet"),
        "task_done": _("Done and sent. The task is no longer yours."),
        "task_gone": _("This task is no longer among yours: somebody else has it, or it is finished."),
        "came_back": _("It came back: {why}"),
        "show_on_map": _("Show on the map"),
        "open_household": _("Open the household"),
        "open_household_why": _(
            "Name and address are masked on the phone. Look them up before you leave, with a network and for a purpose "
            "that is put on record."
        ),
        "take_it": _("Take this task"),
        "number": _("Number"),
        "step": _("Step"),
        "class": _("Class"),
        "place": _("Place"),
        "limit": _("Limit"),
        "due": _("Due"),
        "done_when": _("Done when"),
        "reported": _("What was reported"),
        "stage_report": _("With the report"),
        "stage_before": _("Before"),
        "stage_after": _("After the work"),
        "stage_document": _("Document"),
    }


def _forms() -> dict[str, str]:
    return {
        "what_is_wrong": _("What is wrong?"),
        "where": _("Where?"),
        "take_position": _("Take the position again"),
        "address_words": _("Place in words, for example “opposite No. 12, unit 3”"),
        "position_known": _("Position known, within {m} m."),
        "position_unknown": _("Position not known yet."),
        "no_position": _(
            "The phone does not know where it is. Go outside or allow the position; words do as well."
        ),
        "locating": _("Looking for the position…"),
        "photos_of_it": _("Photos"),
        "photos_before": _("Photos before the work"),
        "photos_after": _("Photos after the work"),
        "photos_document": _("Photos of the place"),
        "photos_visit": _("Photos of the home and of the signed form"),
        "what_was_seen": _("What was seen, who was met"),
        "say_seen": _("Say what the visit found."),
        "fill_in": _("This must be filled in."),
        "filled_in": _("{n} filled in"),
        "private_form": _(
            "It lies sealed on this phone until it is sent, and is gone from it then. What is begun and not sent for "
            "three days is removed. Without names and numbers in the texts."
        ),
        "take_photo": _("Take a photo"),
        "remove": _("Remove"),
        "remove_photo": _("Remove photo {n}"),
        "photo_being_kept": _("The photo is being kept…"),
        "photo_unreadable": _("The phone cannot read this picture. Take it again, as JPEG."),
        "photos_most": _("At most {n} photos."),
        "note": _("Note"),
        "why": _("Why?"),
        "needed": _("(needed)"),
        "done_when_is": _("Done when: {what}"),
        "say_what": _("Say in a few words what is wrong."),
        "say_where": _("Say where it is: take the position, or write it in words."),
        "say_why": _("Say why."),
        "say_done": _("Say what was done, or add a photo of the place afterwards."),
        "send": _("Send"),
        "discard": _("Discard"),
        "discard_sure": _("Discard what you wrote and the photos?"),
        "keep_it": _("Keep"),
        "may_not_report": _("Your posts do not allow to report. Ask your duty leader if you need it."),
        "title_claim": _("Take: {what}"),
        "title_report": _("Report: {what}"),
        "title_track": _("Patrol from {when}"),
    }


def _queue() -> dict[str, str]:
    return {
        "queued": _("Kept on the phone. It is sent as soon as there is a network."),
        "queue_open": _("{n} things are not sent yet. They go by themselves, in order."),
        "queue_empty": _("Everything is sent."),
        "send_now": _("Send now"),
        "sending": _("Sending…"),
        "sent_before": _("Sent"),
        "state_waiting": pgettext("queue", "waiting"),
        "state_sending": pgettext("queue", "being sent"),
        "state_sent": pgettext("queue", "sent"),
        "state_refused": pgettext("queue", "refused"),
        "state_behind": pgettext("queue", "waits for the one before"),
        "behind_why": _("Something earlier of the same matter is not sent yet. It goes after that."),
        "done_at": _("Done {when}"),
        "arrived_at": _("sent {when}"),
        "photos_sent": _("{n} of {all} photos sent"),
        "applied_for": _("Applied for on behalf of the household. Tell it number and secret:"),
        "applied_row": _("{name}: number {number}, secret {secret}"),
        "applied_told": _("The household has them"),
        "tried": _("Tried {n} times. {why}"),
        "server_failed": _("The server could not take it now. It is tried again."),
        "change_it": _("Change"),
        "try_again": _("Try again"),
        "drop_it": _("Drop"),
        "drop_sure": _("Drop “{what}” for good? It has not been sent."),
        "being_sent": _("It is being sent right now, or is sent already."),
    }


def _refusals() -> dict[str, str]:
    return {
        "refused_because": _("The server did not take it:"),
        "do_correct": _("Choose “Change”, correct it and send it again."),
        "do_other": _("Try again later. If it is refused again, tell your dispatcher and drop it."),
        "do_task_done": _("Somebody finished it before you. Nothing is to be done: drop it."),
        "do_claimed": _("A colleague has taken it. Speak with the colleague, or drop it."),
        "do_not_open": _("The matter has ended meanwhile. Drop it, or report anew what is still wrong."),
        "do_not_the_post": _("It now belongs to another post. Tell your dispatcher, then drop it."),
        "do_denied": _("Your posts do not allow it today. Ask your duty leader, then try again or drop it."),
        "do_too_large": _("Choose “Change”, remove a photo or shorten the text, and send it again."),
        "do_unsupported": _("Choose “Change”, remove that photo and take it again."),
        "do_other_content": _("It was sent before with other content. Look at the matter, then drop it."),
    }


def _patrol() -> dict[str, str]:
    return {
        "patrol_what": _(
            "The phone notes the way while the screen is on. It is kept here and sent in pieces."
        ),
        "patrol_as": _("In which post?"),
        "patrol_start": _("Start the patrol"),
        "patrol_stop": _("End the patrol"),
        "patrol_since": _("Under way since {when}."),
        "patrol_screen": _("Leave the screen on: in the dark the phone notes no way."),
        "patrol_ended": _("The patrol has ended: {way}."),
        "patrol_open": _("under way"),
        "patrols_before": _("Your latest patrols"),
        "no_post": _("You hold no post today. The district's administrator gives posts."),
    }
