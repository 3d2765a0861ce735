namespace GopherFlow.Server

open System.Collections.Generic
open System.Threading
open System.Threading.Tasks
open GopherFlow.Rules
open GopherFlow.Storage

/// Appends to the audit log. Entries that arrive while a batch is being written go into the next batch, so concurrent changes share one
/// commit.
type AuditWriter(log: IAuditLog) =

    let gate = Lock()
    let mutable waiting = List<struct (AuditEntry * TaskCompletionSource)>()
    let mutable isWriting = false

    let takeAll () =
        lock gate (fun () ->
            let batch = waiting
            waiting <- List()
            isWriting <- batch.Count > 0
            batch)

    let write (batch: List<struct (AuditEntry * TaskCompletionSource)>) =
        task {
            let entries = [| for struct (entry, _) in batch -> entry |]

            try
                do! log.AppendAsync(entries, CancellationToken.None)

                for struct (_, written) in batch do
                    written.SetResult()
            with failure ->
                for struct (_, written) in batch do
                    written.SetException failure
        }

    let writeAll () =
        task {
            let mutable batch = takeAll ()

            while batch.Count > 0 do
                do! write batch
                batch <- takeAll ()
        }

    /// Appends an entry. The task completes when the entry is durable.
    member _.Write(entry: AuditEntry) : Task =
        let written =
            TaskCompletionSource TaskCreationOptions.RunContinuationsAsynchronously

        let writes =
            lock gate (fun () ->
                waiting.Add(struct (entry, written))
                let writes = not isWriting
                isWriting <- true
                writes)

        if writes then
            writeAll () |> ignore

        written.Task
