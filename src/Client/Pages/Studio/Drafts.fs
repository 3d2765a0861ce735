/// Sources that were not deployed. They are stored in this browser, so a reload does not lose them.
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
    /// The version that was current when the draft was begun.
    Base: string option
    Begun: Instant
    Saved: Instant
}

/// The result of storing a draft.
type Kept =
    | Stored
    /// The browser blocks storage, or it is full.
    | NotStored
    /// Another tab has stored a draft of this script; it was not overwritten.
    | OthersStored

let private prefix = "gopherflow.draft."

/// Drafts that this tab could not store, until the page is left.
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

/// Drafts that this tab could not store take precedence, because they were written here.
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

/// Stores a draft. It replaces the draft whose source this tab has stored or found before (`before`), but not that of another
/// tab.
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

/// Drops the draft of this tab: the one that could not be stored, and the stored one if its source is still that of this tab.
let forget (name: string) (before: string option) : unit =
    unkept.Remove name |> ignore

    if before.IsSome && (tryStored name |> Option.map _.Source) = before then
        Browser.Storage.remove (prefix + name)

/// The names of scripts with a draft.
let names () : string list =
    Browser.Storage.keys ()
    |> List.filter (fun key -> key.StartsWith prefix)
    |> List.map (fun key -> key.Substring prefix.Length)
    |> List.sort
