/// The pages and their addresses.
module GopherFlow.Client.Router

open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api
open GopherFlow.Client.Api.WorkflowFilter

type Page =
    | Dashboard
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
    | Jobs
    | Job of Id
    | Schedules
    | Schedule of string
    | Users
    | User of Id
    /// The account of the signed-in user.
    | Account
    /// The filter, with the API's parameter names.
    | Audit of filter: (string * string) list
    | Settings
    | Unknown of address: string

[<Emit("Array.from(new URLSearchParams($0))")>]
let private parameters (_query: string) : (string * string)[] = jsNative

/// A query parameter of the current URL.
let parameter (name: string) : string option =
    parameters (Browser.Address.query ())
    |> Array.tryFind (fst >> (=) name)
    |> Option.map snd

let tryId (text: string) : Id option =
    match System.Double.TryParse text with
    | true, value when value >= 1.0 && floor value = value -> Some value
    | _ -> None

/// A part that a user typed may contain a percent sign that is not an escape: then it is used as it is.
let private decoded (part: string) : string =
    try
        JS.decodeURIComponent part
    with _ ->
        part

let parse (path: string) (query: string) : Page =
    let parts =
        path.Split '/' |> List.ofArray |> List.filter ((<>) "") |> List.map decoded

    match parts with
    | [] -> Dashboard
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
    | [ "jobs" ] -> Jobs
    | [ "jobs"; id ] when (tryId id).IsSome -> Job (tryId id).Value
    | [ "schedules" ] -> Schedules
    | [ "schedules"; name ] -> Schedule name
    | [ "users" ] -> Users
    | [ "users"; id ] when (tryId id).IsSome -> User (tryId id).Value
    | [ "account" ] -> Account
    | [ "audit" ] -> parameters query |> List.ofArray |> Audit
    | [ "settings" ] -> Settings
    | _ -> Unknown path

let address (page: Page) : string =
    let escape (text: string) = JS.encodeURIComponent text

    let withQuery (path: string) (pairs: (string * string) list) =
        match pairs with
        | [] -> path
        | _ ->
            let query =
                pairs
                |> List.map (fun (name, value) -> $"{name}={escape value}")
                |> String.concat "&"

            $"{path}?{query}"

    match page with
    | Dashboard -> "/"
    | Workflows filter -> withQuery "/workflows" (WorkflowFilter.toQuery filter)
    | Workflow id -> $"/workflows/{id}"
    | StartChoice -> "/start"
    | Start name -> $"/definitions/{escape name}/start"
    | Definitions -> "/definitions"
    | Definition name -> $"/definitions/{escape name}"
    | DefinitionVersion(name, version) -> $"/definitions/{escape name}?version={escape version}"
    | Scripts -> "/scripts"
    | Script name -> $"/scripts/{escape name}"
    | Executors -> "/executors"
    | Jobs -> "/jobs"
    | Job id -> $"/jobs/{id}"
    | Schedules -> "/schedules"
    | Schedule name -> $"/schedules/{escape name}"
    | Users -> "/users"
    | User id -> $"/users/{id}"
    | Account -> "/account"
    | Audit filter -> withQuery "/audit" filter
    | Settings -> "/settings"
    | Unknown path -> path

/// The sections of the side bar.
type Section =
    | OfDashboard
    | OfWorkflows
    | OfDefinitions
    | OfScripts
    | OfExecutors
    | OfJobs
    | OfSchedules
    | OfUsers
    | OfAccount
    | OfAudit
    | OfSettings

let section (page: Page) : Section option =
    match page with
    | Dashboard -> Some OfDashboard
    | Workflows _
    | Workflow _
    | StartChoice -> Some OfWorkflows
    | Definitions
    | Definition _
    | DefinitionVersion _
    | Start _ -> Some OfDefinitions
    | Scripts
    | Script _ -> Some OfScripts
    | Executors -> Some OfExecutors
    | Jobs
    | Job _ -> Some OfJobs
    | Schedules
    | Schedule _ -> Some OfSchedules
    | Users
    | User _ -> Some OfUsers
    | Account -> Some OfAccount
    | Audit _ -> Some OfAudit
    | Settings -> Some OfSettings
    | Unknown _ -> None

/// The title of the browser tab.
let title (page: Page) : string =
    match page with
    | Dashboard -> "Dashboard"
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
    | Jobs -> "Jobs"
    | Job id -> $"Job {id}"
    | Schedules -> "Schedules"
    | Schedule name -> $"Schedule {name}"
    | Users -> "Users"
    | User id -> $"User {id}"
    | Account -> "Your account"
    | Audit _ -> "Audit log"
    | Settings -> "Settings"
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

/// Goes to a page if `from` is still the current one.
let goFrom (from: Page) (page: Page) : unit =
    if current () = from then
        go page

/// Replaces the current page without a new entry for the Back button.
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
