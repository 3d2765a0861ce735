/// The browser APIs that the console uses: address bar, storage, timers, clipboard, downloads, theme.
module GopherFlow.Client.Browser

open System
open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Client.Promise

[<Global>]
let window: obj = jsNative

[<Global>]
let document: obj = jsNative

/// Listens until disposed.
let listen (target: obj) (event: string) (handler: obj -> unit) : IDisposable =
    target?addEventListener (event, handler)

    {
        new IDisposable with
            member _.Dispose() =
                target?removeEventListener (event, handler)
    }

/// Calls at an interval in milliseconds until disposed.
let every (milliseconds: int) (tick: unit -> unit) : IDisposable =
    let timer = JS.setInterval tick milliseconds

    {
        new IDisposable with
            member _.Dispose() = JS.clearInterval timer
    }

module Address =
    let path () : string = window?location?pathname
    let query () : string = window?location?search

    let push (url: string) : unit = window?history?pushState(null, "", url)

    let replace (url: string) : unit =
        window?history?replaceState(null, "", url)

    let reload () : unit = window?location?reload()

module Storage =
    /// The browser may block storage; then nothing is stored.
    let tryGet (key: string) : string option =
        try
            window?localStorage?getItem key |> Option.ofObj
        with _ ->
            None

    let set (key: string) (value: string) : unit =
        try
            window?localStorage?setItem(key, value)
        with _ ->
            ()

    /// Returns false when it could not be stored.
    let trySet (key: string) (value: string) : bool =
        try
            window?localStorage?setItem(key, value)
            true
        with _ ->
            false

    let remove (key: string) : unit =
        try
            window?localStorage?removeItem key
        with _ ->
            ()

    [<Emit("Object.keys($0)")>]
    let private keysOf (_storage: obj) : string[] = jsNative

    let keys () : string list =
        try
            keysOf window?localStorage |> List.ofArray
        with _ -> []

/// Cleared with the tab. When it is full or blocked, nothing is stored.
module SessionStorage =
    let tryGet (key: string) : string option =
        try
            window?sessionStorage?getItem key |> Option.ofObj
        with _ ->
            None

    let set (key: string) (value: string) : unit =
        try
            window?sessionStorage?setItem(key, value)
        with _ ->
            ()

/// The nonce that the page's content security policy requires of style elements that a library creates.
module StyleNonce =
    let ofPage () : string =
        document?querySelector("meta[name='csp-nonce']")?content

module Clipboard =
    /// While a dialog is open, only text inside it can be selected.
    let private place () : obj =
        let dialog: obj = document?querySelector "dialog[open]"
        if isNullOrUndefined dialog then document?body else dialog

    let private commandCopies () : bool =
        try
            document?execCommand "copy"
        with _ ->
            false

    let private copySelected (text: string) : bool =
        let before: obj = document?activeElement
        let area: obj = document?createElement "textarea"
        let style: obj = area?style
        let parent = place ()
        area?value <- text
        style?position <- "fixed"
        parent?appendChild area
        area?focus ()
        area?select ()
        let isCopied = commandCopies ()
        area?remove ()

        if not (isNullOrUndefined before) then
            before?focus ()

        isCopied

    let private written (text: string) : JS.Promise<unit> =
        window?navigator?clipboard?writeText text

    /// Copies a text; returns whether it was copied. The clipboard API exists on secure origins only and may be blocked; then
    /// `execCommand` is tried.
    let tryCopy (text: string) : JS.Promise<bool> =
        if isNullOrUndefined window?navigator?clipboard then
            resolved (copySelected text)
        else
            written text
            |> map (fun () -> true)
            |> catch (fun _ -> resolved (copySelected text))

module Download =
    [<Emit("new Blob([$0], { type: $1 })")>]
    let private blob (_content: string) (_kind: string) : obj = jsNative

    let save (name: string) (kind: string) (content: string) : unit =
        let url = window?URL?createObjectURL(blob content kind)
        let link = document?createElement "a"
        link?href <- url
        link?download <- name
        link?click ()
        window?URL?revokeObjectURL url

[<Emit("Array.from(crypto.getRandomValues(new Uint8Array($0)), b => b.toString(16).padStart(2, '0')).join('')")>]
let randomHex (_bytes: int) : string = jsNative

let isHidden () : bool = document?visibilityState = "hidden"
