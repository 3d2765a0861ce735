namespace GopherFlow.Scripting

open System.Threading.Tasks
open GopherFlow.Storage
open GopherFlow.Storage.InMemory

/// The in-memory store, with somebody looking at what is committed.
type internal TrialStore(inner: InMemoryStore, committed: StepCommit -> System.DateTimeOffset -> unit) =
    let inner = inner :> IWorkflowStore

    interface IWorkflowStore with
        member _.WriteAsync(batch, cancellation) =
            task {
                let! result = inner.WriteAsync(batch, cancellation)

                for step, outcome in Seq.zip batch.Steps result.Steps do
                    if outcome.Verdict = StepVerdict.Committed then
                        committed step batch.Now

                return result
            }

        member _.InitializeAsync cancellation = inner.InitializeAsync cancellation
        member _.ClaimAsync(request, cancellation) = inner.ClaimAsync(request, cancellation)

        member _.ReleaseAsync(request, cancellation) =
            inner.ReleaseAsync(request, cancellation)

        member _.OwnedAsync(executor, cancellation) =
            inner.OwnedAsync(executor, cancellation)

        member _.RepairAsync(request, cancellation) =
            inner.RepairAsync(request, cancellation)

        member _.RegisterExecutorAsync(executor, cancellation) =
            inner.RegisterExecutorAsync(executor, cancellation)

        member _.HeartbeatAsync(heartbeat, cancellation) =
            inner.HeartbeatAsync(heartbeat, cancellation)

        member _.DeregisterExecutorAsync(id, cancellation) =
            inner.DeregisterExecutorAsync(id, cancellation)

        member _.SaveDefinitionsAsync(all, now, cancellation) =
            inner.SaveDefinitionsAsync(all, now, cancellation)

        member _.ChangeStateAsync(change, cancellation) =
            inner.ChangeStateAsync(change, cancellation)

        member _.SetVariableAsync(change, cancellation) =
            inner.SetVariableAsync(change, cancellation)

        member _.MoveVersionAsync(move, cancellation) =
            inner.MoveVersionAsync(move, cancellation)

        member _.FindAsync(id, cancellation) = inner.FindAsync(id, cancellation)

        member _.FindByExternalIdAsync(id, cancellation) =
            inner.FindByExternalIdAsync(id, cancellation)

        member _.SearchAsync(search, cancellation) = inner.SearchAsync(search, cancellation)

        member _.ChildrenAsync(parent, cancellation) =
            inner.ChildrenAsync(parent, cancellation)

        member _.ActionsAsync(search, cancellation) =
            inner.ActionsAsync(search, cancellation)

        member _.DefinitionsAsync cancellation = inner.DefinitionsAsync cancellation

        member _.FindDefinitionAsync(name, cancellation) =
            inner.FindDefinitionAsync(name, cancellation)

        member _.DefinitionVersionsAsync(name, cancellation) =
            inner.DefinitionVersionsAsync(name, cancellation)

        member _.ExecutorsAsync(limit, cancellation) =
            inner.ExecutorsAsync(limit, cancellation)

        member _.CountsAsync cancellation = inner.CountsAsync cancellation
        member _.IsTransient failure = inner.IsTransient failure
        member _.DisposeAsync() = ValueTask.CompletedTask
