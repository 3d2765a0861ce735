/// Computes layouts with elkjs in a worker of its own, once for each definition and direction.
module GopherFlow.Client.Diagram.Elk

open System.Collections.Generic
open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Client.Promise
open GopherFlow.Client.Diagram.Graph
open GopherFlow.Client.Diagram.Layout

[<ImportDefault("elkjs/lib/elk-worker.min.js?url")>]
let private workerUrl: string = jsNative

[<ImportDefault("elkjs/lib/elk-api.js"); Emit("new $0({ workerFactory: () => new Worker($1) })")>]
let private createEngine (_workerUrl: string) : obj = jsNative

let private engine = lazy (createEngine workerUrl)

let private key (direction: Direction) (graph: Graph) =
    $"{graph.Type}@{graph.Version} {direction} {JS.JSON.stringify (request direction graph)}"

let private finished = Dictionary<string, Layout>()
let private running = Dictionary<string, JS.Promise<Layout>>()

/// The layout, if it has been computed before.
let tryFinished (direction: Direction) (graph: Graph) : Layout option =
    match finished.TryGetValue(key direction graph) with
    | true, layout -> Some layout
    | _ -> None

let private run (key: string) (direction: Direction) (graph: Graph) : JS.Promise<Layout> =
    let answer: JS.Promise<obj> = engine.Value?layout(request direction graph)

    answer
    |> map (fun answer ->
        let layout = read answer
        finished[key] <- layout
        layout)

/// The layout, computed when it is asked for the first time.
let layout (direction: Direction) (graph: Graph) : JS.Promise<Layout> =
    let key = key direction graph

    match running.TryGetValue key with
    | true, layout -> layout
    | _ ->
        let layout = run key direction graph
        running[key] <- layout
        layout
