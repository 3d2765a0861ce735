/// The pages and their addresses.
module GopherFlow.Client.Router

open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api
open GopherFlow.Client.Api.WorkflowFilter

type Page =
    | Workflows of WorkflowFilter
    | Workflow of Id
    | StartChoice
    | Start of definition: string
    | Definitions
    | Definition of string
    | DefinitionVersion of name: string * version: string
    | Scripts
    | Script of string
    | Executors
    | Unknown of address: string

[<Emit("Array.from(new URLSearchParams($0))")>]
let private parameters (_query: string) : (string * string)[] = jsNative

/// A parameter of the present address.
let parameter (name: string) : string option =
    parameters (Browser.Address.query ())
    |> Array.tryFind (fst >> (=) name)
    |> Option.map snd

let tryId (text: string) : Id option =
    match System.Double.TryParse text with
    | true, value when value >= 1.0 && floor value = value -> Some value
    | _ -> None

let parse (path: string) (query: string) : Page =
    let parts =
        path.Split '/'
        |> List.ofArray
        |> List.filter ((<>) "")
        |> List.map JS.decodeURIComponent

    match parts with
    | []
    | [ "workflows" ] -> parameters query |> List.ofArray |> WorkflowFilter.ofQuery |> Workflows
    | [ "workflows"; id ] when (tryId id).IsSome -> Workflow (tryId id).Value
    | [ "start" ] -> StartChoice
    | [ "definitions" ] -> Definitions
    | [ "definitions"; name ] ->
        match parameters query |> Array.tryFind (fst >> (=) "version") with
        | Some(_, version) when version <> "" -> DefinitionVersion(name, version)
        | _ -> Definition name
    | [ "scripts" ] -> Scripts
    | [ "scripts"; name ] -> Script name
    | [ "definitions"; name; "start" ] -> Start name
    | [ "executors" ] -> Executors
    | _ -> Unknown path

let address (page: Page) : string =
    let escape (text: string) = JS.encodeURIComponent text

    match page with
    | Workflows filter ->
        match WorkflowFilter.toQuery filter with
        | [] -> "/workflows"
        | pairs ->
            pairs
            |> List.map (fun (name, value) -> $"{name}={escape value}")
            |> String.concat "&"
            |> sprintf "/workflows?%s"
    | Workflow id -> $"/workflows/{id}"
    | StartChoice -> "/start"
    | Start name -> $"/definitions/{escape name}/start"
    | Definitions -> "/definitions"
    | Definition name -> $"/definitions/{escape name}"
    | DefinitionVersion(name, version) -> $"/definitions/{escape name}?version={escape version}"
    | Scripts -> "/scripts"
    | Script name -> $"/scripts/{escape name}"
    | Executors -> "/executors"
    | Unknown path -> path

/// What the browser's tab says.
let title (page: Page) : string =
    match page with
    | Workflows _ -> "Workflows"
    | Workflow id -> $"Workflow {id}"
    | StartChoice -> "Start workflow"
    | Start name -> $"Start {name}"
    | Definitions -> "Definitions"
    | Definition name -> name
    | DefinitionVersion(name, version) -> $"{name} {version}"
    | Scripts -> "Scripts"
    | Script name -> $"Script {name}"
    | Executors -> "Executors"
    | Unknown _ -> "Not found"

let private moved = "gopherflow:moved"

[<Emit("new Event($0)")>]
let private event (_name: string) : obj = jsNative

let current () : Page =
    parse (Browser.Address.path ()) (Browser.Address.query ())

let private announce () =
    Browser.window?dispatchEvent (event moved)

/// Goes to a page; the browser's Back button returns.
let go (page: Page) : unit =
    Browser.Address.push (address page)
    announce ()

/// Puts a page in the place of the current one, without a new entry for the Back button.
let replace (page: Page) : unit =
    Browser.Address.replace (address page)
    announce ()

let onMove (handler: unit -> unit) : System.IDisposable =
    let ours = Browser.listen Browser.window moved (fun _ -> handler ())
    let browsers = Browser.listen Browser.window "popstate" (fun _ -> handler ())

    {
        new System.IDisposable with
            member _.Dispose() =
                ours.Dispose()
                browsers.Dispose()
    }
