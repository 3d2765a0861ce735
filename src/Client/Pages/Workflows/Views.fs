/// Named filters: built-in ones, and those that the user stored in this browser.
module GopherFlow.Client.Pages.Workflows.Views

open GopherFlow.Client
open GopherFlow.Client.Api
open GopherFlow.Client.Api.WorkflowFilter

type View = { Name: string; Filter: WorkflowFilter }

let builtIn: View list = [
    {
        Name = "Failed"
        Filter = where [ Field.Status, "failed"; Field.Status, "error" ]
    }
    {
        Name = "Waits for a person"
        Filter = where [ Field.Waits, "person" ]
    }
    {
        Name = "Waits for an executor"
        Filter = where [ Field.Waits, "executor" ]
    }
    {
        Name = "Running now"
        Filter = where [ Field.Status, "executing" ]
    }
    {
        Name = "Ended in the last hour"
        Filter = where [ Field.Ended, "1h" ]
    }
]

let put (view: View) (views: View list) : View list =
    (views |> List.filter (fun other -> other.Name <> view.Name)) @ [ view ]

let remove (name: string) (views: View list) : View list =
    views |> List.filter (fun view -> view.Name <> name)

let private decoder: Json.Decoder<View list> =
    Json.list (
        Json.fields (fun get -> {
            Name = get.Get("name", Json.string)
            Filter = FilterText.parse (get.Get("filter", Json.string))
        })
    )

let write (views: View list) : string =
    views
    |> List.map (fun view ->
        Fable.Core.JsInterop.createObj [ "name", box view.Name; "filter", box (FilterText.print view.Filter) ])
    |> List.toArray
    |> Fable.Core.JS.JSON.stringify

/// Reads the stored views; none if they cannot be read.
let read (text: string) : View list =
    match Json.decodeText "views" decoder text with
    | Ok views -> views
    | Error _ -> []

let private key = "gopherflow.views"

let load () : View list =
    Browser.Storage.tryGet key |> Option.map read |> Option.defaultValue []

let save (views: View list) : unit = Browser.Storage.set key (write views)
