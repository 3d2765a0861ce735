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

let private prefix = "gopherflow.draft."

/// What the browser refused to keep stays here until the page is left.
let private unkept = Dictionary<string, Draft>()

let private decoder: Json.Decoder<Draft> =
    Json.fields (fun get -> {
        Source = get.Get("source", Json.string)
        Base = get.TryGet("base", Json.string)
        Begun = get.Get("begun", Json.time)
        Saved = get.Get("saved", Json.time)
    })

let find (name: string) : Draft option =
    Browser.Storage.tryGet (prefix + name)
    |> Option.bind (fun text ->
        match Json.decodeText "draft" decoder text with
        | Ok draft -> Some draft
        | Error _ -> None)
    |> Option.orElse (
        match unkept.TryGetValue name with
        | true, draft -> Some draft
        | _ -> None
    )

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

/// Whether it could be kept for longer than the page.
let keep (name: string) (draft: Draft) : bool =
    let kept = Browser.Storage.trySet (prefix + name) (write draft)

    if kept then
        unkept.Remove name |> ignore
    else
        unkept[name] <- draft

    kept

let forget (name: string) : unit =
    unkept.Remove name |> ignore
    Browser.Storage.remove (prefix + name)

/// The scripts of which there is one.
let names () : string list =
    Browser.Storage.keys ()
    |> List.filter (fun key -> key.StartsWith prefix)
    |> List.map (fun key -> key.Substring prefix.Length)
    |> List.sort
