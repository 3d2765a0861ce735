/// The workflows that need a person: each kind with its number, since when, why, and a remedy.
module GopherFlow.Client.Pages.Dashboard.Needs

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.Attention
open GopherFlow.Client.Pages.Dashboard.Model

type private Need = {
    Key: string
    /// The status that gives the colour.
    Status: string
    Count: string
    Title: string
    Page: Router.Page
    Why: string
    Since: Instant option
    SinceWord: string
    Actions: ReactElement list
}

let private view (need: Need) : ReactElement =
    Html.li [
        prop.key need.Key
        prop.className "need"
        prop.data ("status", need.Status)
        prop.testId $"need-{need.Key}"
        prop.children [
            Html.span [ prop.className "need-count"; prop.text need.Count ]
            Html.div [
                prop.className "need-text"
                prop.children [
                    linkWith need.Page [ prop.className "need-title"; prop.text need.Title ]
                    if need.Why <> "" then
                        Html.p [ prop.className "need-why"; prop.title need.Why; prop.text need.Why ]
                ]
            ]
            Html.div [
                prop.className "need-since"
                prop.children [
                    match need.Since with
                    | Some at ->
                        Html.span [ prop.className "faint"; prop.text need.SinceWord ]
                        Clock.time {| at = at |}
                    | None -> ()
                ]
            ]
            Html.div [ prop.className "moves"; prop.children need.Actions ]
        ]
    ]

let private openLink (text: string) (workflow: Workflow) : ReactElement =
    linkWith (Router.Workflow workflow.Id) [
        prop.key "open"
        prop.className "button small"
        prop.title $"Workflow {workflow.Id}, {workflow.BusinessKey}"
        prop.text text
    ]

let private smallButton (text: string) (title: string) (isBusy: bool) (act: unit -> unit) : ReactElement =
    Html.button [
        prop.key text
        prop.type' "button"
        prop.className "button small"
        prop.title title
        prop.disabled isBusy
        prop.onClick (fun _ -> act ())
        prop.text text
    ]

let private retries (mayRetry: bool) (model: Model) (dispatch: Message -> unit) (group: Group) = [
    match group.Newest with
    | Some newest ->
        openLink "Open" newest

        if mayRetry then
            smallButton
                (if group.Count > 1.0 then "Retry one" else "Retry now")
                $"Workflow {newest.Id} makes its next attempt now."
                (model.Retrying.Contains newest.Id)
                (fun () -> dispatch (RetryOne newest.Id))
    | None -> ()

    if mayRetry && group.Count > 1.0 then
        let remedy = RetryAll group.Kind
        smallButton (Describe.button remedy group.Count) (Describe.title remedy) false (fun () -> dispatch (Ask remedy))
]

/// Offers the workflow that has waited longest.
let private decisions (mayChange: bool) (group: Group) = [
    match group.Oldest |> Option.orElse group.Newest with
    | Some oldest -> openLink (if mayChange then "Decide" else "Open") oldest
    | None -> ()
]

let private ofGroup (mayChange: bool) (definitions: Definition list) (model: Model) dispatch (group: Group) : Need =
    let why (workflow: Workflow) =
        workflow.LastError |> Option.map Describe.error |> Option.defaultValue ""

    {
        Key = $"{Status.wire group.Kind.Status}-{group.Kind.Type}-{group.Kind.State}"
        Status = Status.wire group.Kind.Status
        Count = Numbers.count group.Count
        Title = Describe.kind group.Kind
        Page = Router.Workflows(listOf group.Kind)
        Why = group.Newest |> Option.map why |> Option.defaultValue ""
        Since = group.Since
        SinceWord = if group.Count > 1.0 then "oldest" else "since"
        Actions =
            if group.Kind.Status = Waiting then
                decisions mayChange group
            else
                retries (mayChange && mayRetry definitions group.Kind) model dispatch group
    }

let private mending (served: Set<string>) (dispatch: Message -> unit) (stuck: Stuck) = [
    match stuck.Want, Set.toList served with
    | OfGroup group, targets ->
        for target in List.truncate 2 targets do
            let remedy =
                if stuck.IsPastDeadline then
                    RunLateIn(stuck.Type, group, target)
                else
                    RunIn(stuck.Type, group, target)

            smallButton (Describe.button remedy 0.0) (Describe.title remedy) false (fun () -> dispatch (Ask remedy))
    | OfDefinition _, _ ->
        linkWith (Router.Definition stuck.Type) [
            prop.key "versions"
            prop.className "button small"
            prop.text "Versions"
        ]
    | OfSlots _, _ ->
        linkWith Router.Executors [ prop.key "executors"; prop.className "button small"; prop.text "Executors" ]
]

let private ofStuck (mayChange: bool) (served: Set<string>) (isCut: bool) dispatch (stuck: Stuck) : Need =
    let oldest = stuck.Workflows.Head
    let more = if isCut then "+" else ""

    {
        Key =
            if stuck.IsPastDeadline then
                $"late-{stuck.Type}-{stuck.Want}"
            else
                $"stuck-{stuck.Type}-{stuck.Want}"
        Status = "WAITING"
        Count = $"{stuck.Workflows.Length}{more}"
        Title = Describe.stuck stuck
        Page = Router.Workflows(listOfType stuck.Type)
        Why = Describe.want stuck.Want
        Since = oldest.NextActivation
        SinceWord = "due"
        Actions = [
            openLink
                (if mayChange && Workflow.status oldest = Waiting then
                     "Decide"
                 else
                     "Open")
                oldest
            if mayChange then
                yield! mending served dispatch stuck
        ]
    }

let private cancels (dispatch: Message -> unit) (slow: Slow) = [
    let longest = slow.Runs.Head.Workflow
    let count = float slow.Runs.Length

    // The list may be cut; the confirmation counts all.
    let ask remedy =
        smallButton (Describe.button remedy count) (Describe.title remedy) false (fun () -> dispatch (Ask remedy))

    ask (CancelOne longest)

    if count > 1.0 then
        ask (CancelSlow(slow.Type, slow.State, (List.last slow.Runs).Since))
]

let private ofSlow (mayChange: bool) (isCut: bool) (dispatch: Message -> unit) (slow: Slow) : Need =
    let longest = slow.Runs.Head

    {
        Key = $"slow-{slow.Type}-{slow.State}"
        Status = "WAITING"
        Count =
            if isCut then
                $"{slow.Runs.Length}+"
            else
                string slow.Runs.Length
        Title = Describe.slow slow
        Page =
            Router.Workflows(
                listOf {
                    Status = Executing
                    Type = slow.Type
                    State = slow.State
                }
            )
        Why = Describe.usual slow
        Since = Some longest.Since
        SinceWord = if slow.Runs.Length > 1 then "longest" else "since"
        Actions = [
            openLink "Open" longest.Workflow
            if mayChange then
                yield! cancels dispatch slow
        ]
    }

/// The server returns at most this many long runs.
let private mostLong = 50

/// The number of kinds that are shown before the rest is folded.
let private most = 8

let private folded (needs: Need list) : ReactElement =
    let shown, rest = needs |> List.splitAt (min most needs.Length)

    Html.fragment [
        Html.ul [ prop.className "needs"; prop.children (List.map view shown) ]
        if not rest.IsEmpty then
            Html.details [
                prop.className "fold"
                prop.children [
                    Html.summary $"{rest.Length} more kinds"
                    Html.ul [ prop.className "needs"; prop.children (List.map view rest) ]
                ]
            ]
    ]

let private fault (model: Model) (dispatch: Message -> unit) : ReactElement =
    match model.Fault with
    | Some fault ->
        Banner.view Banner.Bad [ Html.text fault ] [
            smallButton "Dismiss" "Hide this" false (fun () -> dispatch Dismiss)
        ]
    | None -> Html.none

type Known = {
    Counts: WorkflowCount list
    /// The rows that were read of the workflows that need a person.
    Rows: Workflow list
    /// Late workflows with the executors, because the reason depends on which executors are alive.
    Late: Query.Query<Executor list * Late>
    /// The current versions that have been read so far.
    Definitions: Definition list
}

/// Shows that late workflows could not be read, or are out of date.
let private lateFault (late: Query.Query<Executor list * Late>) : ReactElement =
    match late.Data, late.Failure with
    | _, None -> Html.none
    | Some _, Some _ -> shown "what is late" late (fun _ -> Html.none)
    | None, Some reason ->
        let problem: Problem = {
            Problem.ofException reason with
                Title = "Late workflows could not be read."
                Detail = reason |> Problem.ofException |> Problem.text
        }

        failure problem late.Refetch

let section (mayChange: bool) (known: Known) (model: Model) (dispatch: Message -> unit) : ReactElement =
    let ofLate =
        match known.Late.Data with
        | None -> []
        | Some(executors, late) ->
            let served = servedBy executors

            let past, stuck =
                stuck executors late.Overdue
                |> List.map (withoutGuess executors)
                |> List.partition _.IsPastDeadline

            (past @ stuck |> List.map (ofStuck mayChange served late.More dispatch))
            @ (slow late.LongRuns
               |> List.map (ofSlow mayChange (late.LongRuns.Length >= mostLong) dispatch))

    let ofGroups =
        groups known.Counts known.Rows
        |> List.map (ofGroup mayChange known.Definitions model dispatch)

    // Stuck workflows come after failed ones and before those that wait for a person.
    let waiting, failed =
        ofGroups |> List.partition (fun need -> need.Status = "WAITING")

    Page.section "Needs you" [] [
        fault model dispatch
        Remedies.jobs model
        lateFault known.Late

        match failed @ ofLate @ waiting with
        | [] ->
            let knowsLate = known.Late.Data.IsSome

            Html.p [
                prop.className "all-well"
                prop.children [
                    if knowsLate then
                        Icons.check
                    Html.text (Describe.nothing knowsLate)
                ]
            ]
        | needs -> folded needs
    ]
