namespace GopherFlow.Scripting

open System
open GopherFlow.Operations
open GopherFlow.Rules
open GopherFlow.Storage
open GopherFlow.Storage.InMemory

/// An attempt of a state, as it was committed.
type internal TrialCommit = {
    Before: WorkflowRecord
    After: WorkflowRecord
    Ended: AttemptEnded
    /// What the attempt says in the history, oldest first.
    History: ActionLine list
    Now: DateTimeOffset
}

/// The in-memory store, with somebody looking at what is committed.
type internal TrialStore(inner: InMemoryStore, committed: TrialCommit -> unit) =
    inherit DelegatingStore(inner)

    let mostEntries = 100

    let historyOf (after: WorkflowRecord) cancellation =
        task {
            let! entries = inner.ActionsAsync(ActionSearch(after.Id, mostEntries), cancellation)

            return
                entries
                |> Seq.rev
                |> Seq.filter (fun entry ->
                    entry.Entry.ExecutionCount = after.ExecutionCount
                    && entry.ExecutorId.HasValue
                    && entry.Entry.Kind <> HistoryKind.ChildWoke)
                |> Seq.collect ActionLine.Of
                |> Seq.filter (fun line -> line.Type <> ActionTypes.ChildCreated)
                |> List.ofSeq
        }

    override _.WriteAsync(batch, cancellation) =
        task {
            let! result = inner.WriteAsync(batch, cancellation)

            for happened, outcome in Seq.zip batch.Events result.Events do
                match happened.Event, happened.Known, outcome.Workflow with
                | :? AttemptEnded as ended, NonNull before, NonNull after when outcome.Verdict = EventVerdict.Committed ->
                    let! history = historyOf after cancellation

                    committed {
                        Before = before
                        After = after
                        Ended = ended
                        History = history
                        Now = batch.Now
                    }
                | _ -> ()

            return result
        }
