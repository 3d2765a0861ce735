/// Sources that were written and not deployed. They are kept in this browser, so a reload loses none.
module GopherFlow.Client.Pages.Studio.Drafts

open System.Collections.Generic
open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Api
open GopherFlow.Client.Time

type Draft = {
    Source: string
    /// The version that was current when its writing began.
    Base: string option
    Begun: Instant
    Saved: Instant
}

/// The result of storing a draft.
type Kept =
    | Stored
    /// The browser stores none, or no more.
    | NotStored
    /// Another tab has stored its own draft of this script; it was not overwritten.
    | OthersStored

let private prefix = "gopherflow.draft."

/// What this tab could not store stays here until the page is left.
let private unkept = Dictionary<string, Draft>()

let private decoder: Json.Decoder<Draft> =
    Json.fields (fun get -> {
        Source = get.Get("source", Json.string)
        Base = get.TryGet("base", Json.string)
        Begun = get.Get("begun", Json.time)
        Saved = get.Get("saved", Json.time)
    })

let private tryStored (name: string) : Draft option =
    Browser.Storage.tryGet (prefix + name)
    |> Option.bind (fun text ->
        match Json.decodeText "draft" decoder text with
        | Ok draft -> Some draft
        | Error _ -> None)

/// What this tab could not store comes first: it is what was written here.
let find (name: string) : Draft option =
    match unkept.TryGetValue name with
    | true, draft -> Some draft
    | _ -> tryStored name

let private write (draft: Draft) : string =
    createObj [
        "source", box draft.Source
        match draft.Base with
        | Some version -> "base", box version
        | None -> ()
        "begun", box (Instant.iso draft.Begun)
        "saved", box (Instant.iso draft.Saved)
    ]
    |> JS.JSON.stringify

/// Stores a draft over the one whose source this tab has stored or found before, not over one of another tab.
let keep (name: string) (before: string option) (draft: Draft) : Kept =
    let isOthers =
        tryStored name
        |> Option.exists (fun found -> Some found.Source <> before && found.Source <> draft.Source)

    let kept =
        if isOthers then
            OthersStored
        elif Browser.Storage.trySet (prefix + name) (write draft) then
            Stored
        else
            NotStored

    if kept = Stored then
        unkept.Remove name |> ignore
    else
        unkept[name] <- draft

    kept

/// Drops what was written here: what could not be stored, and what is stored if it is still the source of this tab.
let forget (name: string) (before: string option) : unit =
    unkept.Remove name |> ignore

    if before.IsSome && (tryStored name |> Option.map _.Source) = before then
        Browser.Storage.remove (prefix + name)

/// The scripts of which there is one.
let names () : string list =
    Browser.Storage.keys ()
    |> List.filter (fun key -> key.StartsWith prefix)
    |> List.map (fun key -> key.Substring prefix.Length)
    |> List.sort
