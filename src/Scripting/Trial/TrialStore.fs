namespace GopherFlow.Scripting

open System
open GopherFlow.Operations
open GopherFlow.Rules
open GopherFlow.Storage
open GopherFlow.Storage.InMemory

/// A committed attempt of a state.
type internal TrialCommit = {
    Before: WorkflowRecord
    After: WorkflowRecord
    Ended: AttemptEnded
    /// The history lines of the attempt, oldest first.
    History: ActionLine list
    Now: DateTimeOffset
}

/// The in-memory store with a callback for each commit.
type internal TrialStore(inner: InMemoryStore, committed: TrialCommit -> unit) =
    inherit DelegatingStore(inner)

    let maxEntries = 100

    let historyOf (after: WorkflowRecord) cancellation =
        task {
            let! entries = inner.ActionsAsync(ActionSearch(after.Id, maxEntries), cancellation)

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
