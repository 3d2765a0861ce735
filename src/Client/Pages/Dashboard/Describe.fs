/// Texts of the dashboard: kinds that need a person, remedies and forecasts.
module GopherFlow.Client.Pages.Dashboard.Describe

open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.Attention
open GopherFlow.Client.Pages.Dashboard.Model

let kind (kind: Kind) : string =
    match kind.Status with
    | Failed -> $"{kind.Type} failed in {kind.State}"
    | Errored -> $"{kind.Type} ended in error at {kind.State}"
    | Waiting -> $"{kind.Type} waits for a person in {kind.State}"
    | other -> $"{kind.Type} is {(Status.word other).ToLowerInvariant()} in {kind.State}"

let stuck (stuck: Stuck) : string =
    match stuck.Want with
    | _ when stuck.IsPastDeadline -> $"{stuck.Type} is past its deadline"
    | OfDefinition _ -> $"{stuck.Type} waits for its definition"
    | OfGroup _
    | OfSlots _ -> $"{stuck.Type} waits for an executor"

let want (want: Want) : string =
    match want with
    | OfGroup group -> $"No live executor serves the group {group}."
    | OfDefinition version -> $"No executor that this server knows of runs version {version}."
    | OfSlots group -> $"It is due, but no executor of the group {group} has taken it: all of them may be busy."

let slow (slow: Slow) : string =
    $"{slow.Type} runs far longer than usual in {slow.State}"

let usual (slow: Slow) : string =
    $"A visit to {slow.State} usually runs {Time.duration slow.UsualSeconds}."

/// The message of an error without the name of its class, which is for programmers.
let error (text: string) : string =
    match text.IndexOf ": " with
    | at when at > 0 && not (text.Substring(0, at).Contains " ") && text.Length > at + 2 -> text.Substring(at + 2)
    | _ -> text

let private plural (count: Count) (kind: string) =
    if count = 1.0 then
        $"1 {kind} workflow"
    else
        $"{Numbers.count count} {kind} workflows"

let button (remedy: Remedy) (count: Count) : string =
    match remedy with
    | RetryAll _ -> $"Retry all {Numbers.count count}"
    | RunIn(_, _, target)
    | RunLateIn(_, _, target) -> $"Run in {target}"
    | CancelSlow _ -> "Cancel all"
    | CancelOne _ -> if count > 1.0 then "Cancel one" else "Cancel"

let title (remedy: Remedy) : string =
    match remedy with
    | RetryAll kind -> $"Retry all {(Status.word kind.Status).ToLowerInvariant()} {kind.Type} in {kind.State}"
    | RunIn(name, from, target) -> $"Move {name} from group {from} to {target}"
    | RunLateIn(name, from, target) -> $"Move unfinished {name} from group {from} to {target}"
    | CancelSlow(name, state, _) -> $"Cancel {name} that run long in {state}"
    | CancelOne workflow -> $"Cancel workflow {workflow.Id}, {workflow.BusinessKey}"

let consequence (remedy: Remedy) : string =
    match remedy with
    | RetryAll kind ->
        $"Each makes its next attempt of {kind.State} now, with all its retries again. External calls are made again."
    | RunIn(_, _, target) ->
        $"An executor of the group {target} takes them at once. Check that they can do their work there."
    | RunLateIn(_, _, target) ->
        $"An executor of the group {target} takes those that are past their deadline at once, and the others when they are due."
    | CancelSlow _
    | CancelOne _ -> "A running step is asked to stop, and the workflow ends. It does not run again by itself."

/// The number of workflows that a job would change.
let forecast (forecast: JobForecast) : string =
    match forecast.Counts with
    | _ when forecast.Total = 0.0 -> "No workflow matches any longer."
    | [ one ] -> $"{plural one.Count one.WorkflowType} will be changed."
    | _ -> $"{Numbers.count forecast.Total} workflows will be changed."

/// The text when nothing needs a person. `knowsLate`: whether late workflows could be read.
let nothing (knowsLate: bool) : string =
    if knowsLate then
        "Nothing needs you: no failures, no decisions, nothing late."
    else
        "No failures, no decisions."
