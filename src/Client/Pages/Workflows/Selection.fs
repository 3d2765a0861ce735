/// The selected workflows of the list, and the filters of the jobs over them.
module GopherFlow.Client.Pages.Workflows.Selection

open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Api
open GopherFlow.Client.Api.WorkflowFilter

type Selection =
    | Rows of Set<Id>
    /// All workflows that match the filter, including those that are not loaded.
    | AllMatching

let none = Rows Set.empty

let contains (id: Id) (selection: Selection) : bool =
    match selection with
    | Rows ids -> ids.Contains id
    | AllMatching -> true

/// The selected rows.
let among (rows: Workflow[]) (selection: Selection) : Workflow[] =
    match selection with
    | Rows ids when ids.IsEmpty -> [||]
    | _ -> rows |> Array.filter (fun row -> contains row.Id selection)

let private idsOf (rows: Workflow[]) = rows |> Seq.map _.Id |> Set.ofSeq

let toggle (rows: Workflow[]) (id: Id) (selection: Selection) : Selection =
    match selection with
    | Rows ids when ids.Contains id -> Rows(ids.Remove id)
    | Rows ids -> Rows(ids.Add id)
    | AllMatching -> Rows((idsOf rows).Remove id)

/// Adds all rows between two rows, which may be given in any order.
let extend (rows: Workflow[]) (one: Id) (other: Id) (selection: Selection) : Selection =
    let low, high = min one other, max one other

    match selection with
    | AllMatching -> AllMatching
    | Rows ids ->
        rows
        |> Seq.filter (fun row -> row.Id >= low && row.Id <= high)
        |> Seq.fold (fun (all: Set<Id>) row -> all.Add row.Id) ids
        |> Rows

let toggleShown (rows: Workflow[]) (selection: Selection) : Selection =
    match selection with
    | Rows ids when rows |> Array.forall (fun row -> ids.Contains row.Id) -> none
    | Rows _ -> Rows(idsOf rows)
    | AllMatching -> none

/// Adjacent selected rows.
type Run = {
    First: Id
    Last: Id
    /// The number of rows.
    Size: int
}

let private isExact (run: Run) =
    run.Last - run.First + 1.0 = float run.Size

/// The runs of the selected rows. `strict`: only consecutive ids form a run.
let runs (strict: bool) (rows: Workflow[]) (selection: Selection) : Run list =
    let add (runs: Run list, joined) (row: Workflow) =
        if not (contains row.Id selection) then
            runs, false
        else
            match runs with
            | run :: others when joined && (not strict || run.First - row.Id = 1.0) ->
                {
                    run with
                        First = row.Id
                        Size = run.Size + 1
                }
                :: others,
                true
            | _ ->
                {
                    First = row.Id
                    Last = row.Id
                    Size = 1
                }
                :: runs,
                true

    rows |> Array.fold add ([], false) |> fst |> List.rev

/// The workflows of an operation.
type Target = {
    /// The filter of each job.
    Filters: (string * obj) list list
    /// The number of selected workflows; None when the server has to count.
    Chosen: int option
}

/// One operation starts at most this many jobs.
[<Literal>]
let MostRuns = 50

let private instantAfter (rows: Workflow[]) : Instant =
    rows |> Seq.map _.Modified |> Seq.max |> Instant.add 1.0

/// Between the selected rows others may have appeared that match the filter. So workflows that have changed since the rows were
/// read are left out.
let private filterOf (members: (string * obj) list) (read: Instant) (run: Run) =
    let within = FilterSearch.among run.First run.Last members

    if isExact run then
        within
    else
        FilterSearch.unchangedSince read within

let target (now: Instant) (filter: WorkflowFilter) (rows: Workflow[]) (selection: Selection) : Result<Target, string> =
    match selection with
    | AllMatching when filter.Text <> "" ->
        Error "A job cannot use free text. Use key: for a business key, or select rows."
    | AllMatching ->
        Ok {
            Filters = [ FilterSearch.toJob now filter ]
            Chosen = None
        }
    | Rows _ ->
        let runs = runs (filter.Text <> "") rows selection

        if runs.Length > MostRuns then
            Error
                $"The selection consists of {runs.Length} separate ranges of rows, and each needs a job. Select at most {MostRuns} ranges, or all."
        else
            Ok {
                Filters =
                    runs
                    |> List.map (filterOf (FilterSearch.criteria now filter) (instantAfter rows))
                Chosen = Some(runs |> List.sumBy _.Size)
            }
