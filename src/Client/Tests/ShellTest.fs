module GopherFlow.Client.Tests.ShellTest

open GopherFlow.Client
open GopherFlow.Client.Time
open GopherFlow.Client.Parts
open GopherFlow.Client.Api
open GopherFlow.Client.Shell
open GopherFlow.Client.Shell.Model
open GopherFlow.Client.Tests.Samples
open GopherFlow.Client.Tests.Vitest

let private places = Places.of' (session "operator")
let private start = Update.init Preferences.System

let private key text : Press = {
    Key = text
    Commanding = false
    Typing = false
    Modal = false
    At = noon
}

let private press (pressed: Press) model =
    Update.update places (Pressed pressed) model

test "g and a letter open a page" (fun () ->
    let going, none = press (key "g") start
    equal [] none
    let after, commands = press (key "f") going
    equal [ Go Router.Definitions ] commands
    equal None after.Going)

test "the second key must follow soon, and another key cancels" (fun () ->
    let going = press (key "g") start |> fst

    equal
        []
        (press
            {
                key "w" with
                    At = Instant.add 2000.0 noon
            }
            going
         |> snd)

    let lost = press (key "x") going |> fst
    equal [] (press (key "w") lost |> snd))

test "keys open no page that the user may not see" (fun () ->
    let going = press (key "g") start |> fst
    equal [] (press (key "u") going |> snd)
    let admins = Places.of' (session "admin")
    equal [ Go Router.Users ] (Update.update admins (Pressed(key "u")) going |> snd))

test "shortcuts are off while the user types, except the palette's" (fun () ->
    for text in [ "g"; "?"; "/" ] do
        equal None (Update.meaning places start { key text with Typing = true })

    let command = {
        key "k" with
            Typing = true
            Commanding = true
    }

    equal (Some(Opens Palette)) (Update.meaning places start command)
    equal None (Update.meaning places start { command with Modal = true })
    equal None (Update.meaning places start (key "k")))

test "? opens the list of shortcuts, and / focuses the search" (fun () ->
    let opened = press (key "?") start |> fst
    equal Shortcuts opened.Overlay
    equal Nothing (Update.update places Close opened |> fst).Overlay
    equal [ FocusSearch ] (press (key "/") start |> snd))

test "a chosen theme is stored, a theme from another tab is only applied" (fun () ->
    equal [ Keep Preferences.Dark ] (Update.update places (Choose Preferences.Dark) start |> snd)
    let model, commands = Update.update places (ThemeChosen Preferences.Dark) start
    equal Preferences.Dark model.Theme
    equal [] commands)

let private texts role query =
    Palette.entries (session role) [ "Approval"; "Order" ]
    |> Palette.found query
    |> List.map _.Text

test "the palette offers pages before anything is typed" (fun () ->
    isTrue "page" (List.contains "Workflows" (texts "viewer" ""))
    isTrue "no definition" (not (List.contains "Order" (texts "viewer" "")))
    isTrue "admins" (not (List.contains "Users" (texts "operator" ""))))

test "the palette matches all words, best match first" (fun () ->
    equal [ "Order"; "Start Order" ] (texts "operator" "ord")
    equal [ "Start Order" ] (texts "operator" "order start")
    equal [ "Order" ] (texts "viewer" "order")
    equal [] (texts "admin" "no such thing"))

test "a number finds the workflow with this id" (fun () ->
    equal [ "Workflow 12" ] (texts "viewer" "12")
    equal [ "Workflow 12" ] (texts "viewer" " #12"))

test "the selection wraps around at the ends of the list" (fun () ->
    let moved by chosen =
        (Palette.update (Palette.Moved(by, 3)) { Palette.opened with Chosen = chosen }).Chosen

    equal 2 (moved -1 0)
    equal 0 (moved 1 2)
    equal 0 (Palette.update (Palette.Typed "x") { Palette.opened with Chosen = 2 }).Chosen)

test "a short interruption of the stream shows no banner" (fun () ->
    let at milliseconds = Instant.add milliseconds noon
    equal None (Standing.lostSince (at 1000.0) (TabStream.Lost noon))
    equal (Some noon) (Standing.lostSince (at 3000.0) (TabStream.Lost noon))
    equal None (Standing.lostSince (at 3000.0) TabStream.Live))
