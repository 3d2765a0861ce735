/// The state that one tab has of the event stream that all tabs share, and the messages between tabs about it.
module GopherFlow.Client.Api.TabStream

open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Api.Types

type Connection =
    | Connecting
    | Live
    | Lost of since: Instant

/// An event as the server sent it.
type Told = { Name: string; Data: string }

type Message =
    /// A new tab asks for the state of the stream.
    | Asks
    /// `fresh`: the stream does not resume an earlier one.
    | Connected of fresh: bool * lastId: string option
    | Broken of at: Instant
    /// Events in order, with the id of the last one.
    | Tells of Told list * lastId: string option

/// Whether what the tab shows is up to date.
type Trust =
    /// It has fetched nothing yet: its first requests wait for the stream.
    | Unread
    /// It may have missed changes.
    | Doubtful
    /// It has received every change since it fetched.
    | Sound

type TabStream = {
    Connection: Connection
    Trust: Trust
    /// The id of the last event received; a new stream resumes there.
    LastId: string option
}

let opening = {
    Connection = Connecting
    Trust = Unread
    LastId = None
}

/// The tab has not listened for a while.
let away = { opening with Trust = Doubtful }

/// The stream did not open in time: a new tab fetches without it, and a tab that was away fetches everything again.
let waited (tab: TabStream) : TabStream * LiveEvent list =
    match tab.Trust with
    | Unread -> { tab with Trust = Doubtful }, []
    | Doubtful -> tab, [ Resync ]
    | Sound -> tab, []

let private workflowEvent = Json.contract<WorkflowEvent>
let private definitionEvent = Json.contract<DefinitionEvent>

/// Decodes an event of the stream; None for events that this console does not know or cannot read.
let event (kind: string) (data: string) : LiveEvent option =
    let decoded decoder meaning =
        match Json.decodeText kind decoder data with
        | Ok value -> Some(meaning value)
        | Result.Error _ -> None

    match kind with
    | "resync" -> Some Resync
    | "scripts" -> Some ScriptsChanged
    | "workflow" -> decoded workflowEvent WorkflowChanged
    | "definition" -> decoded definitionEvent (_.Name >> DefinitionChanged)
    | _ -> None

/// The tab after a message, and the events for its pages.
let hear (message: Message) (tab: TabStream) : TabStream * LiveEvent list =
    match message with
    | Asks -> tab, []
    | Connected(fresh, lastId) ->
        let missed =
            match tab.Trust with
            | Unread -> false
            | Doubtful -> true
            | Sound -> fresh

        {
            Connection = Live
            Trust = Sound
            LastId = lastId |> Option.orElse tab.LastId
        },
        (if missed then [ Resync ] else [])
    | Broken at ->
        match tab.Connection with
        | Lost _ -> tab, []
        | _ -> { tab with Connection = Lost at }, []
    | Tells(told, lastId) ->
        {
            tab with
                LastId = lastId |> Option.orElse tab.LastId
        },
        told |> List.choose (fun told -> event told.Name told.Data)

/// The leader's answer to a new tab.
let answer (tab: TabStream) : Message option =
    match tab.Connection with
    | Connecting -> None
    | Live -> Some(Connected(false, tab.LastId))
    | Lost since -> Some(Broken since)

let write (message: Message) : obj =
    let lastId id = "lastId", box (Option.toObj id)

    match message with
    | Asks -> createObj [ "says", box "asks" ]
    | Connected(fresh, id) -> createObj [ "says", box "connected"; "fresh", box fresh; lastId id ]
    | Broken at -> createObj [ "says", box "broken"; "at", box (Instant.iso at) ]
    | Tells(told, id) ->
        let events = [|
            for one in told -> createObj [ "name", box one.Name; "data", box one.Data ]
        |]

        createObj [ "says", box "tells"; "events", box events; lastId id ]

let private told: Json.Decoder<Told> =
    Json.fields (fun get -> {
        Name = get.Get("name", Json.string)
        Data = get.Get("data", Json.string)
    })

let private message: Json.Decoder<Message> =
    Json.fields (fun get ->
        match get.Get("says", Json.oneOf [ "asks", 0; "connected", 1; "broken", 2; "tells", 3 ]) with
        | 0 -> Asks
        | 1 -> Connected(get.Get("fresh", Json.bool), get.TryGet("lastId", Json.string))
        | 2 -> Broken(get.Get("at", Json.time))
        | _ -> Tells(get.Get("events", Json.list told), get.TryGet("lastId", Json.string)))

/// None for messages of tabs with another version of the console.
let tryRead (value: obj) : Message option =
    match Json.decode "message" message value with
    | Ok message -> Some message
    | Result.Error _ -> None
