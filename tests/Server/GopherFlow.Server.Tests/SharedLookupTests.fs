module GopherFlow.Server.Tests.SharedLookupTests

open System
open System.Threading
open System.Threading.Tasks
open Expecto
open GopherFlow.Server
open GopherFlow.TestSupport

let private none = CancellationToken.None

/// Reads that the test completes by hand.
type private Reads() =
    let reads = ResizeArray<TaskCompletionSource<string>>()

    member _.Read(_: string) =
        let row = TaskCompletionSource<string>()
        lock reads (fun () -> reads.Add row)
        row.Task

    member _.Item
        with get index = lock reads (fun () -> reads[index])

    /// Completes when that many reads have begun.
    member _.BegunAsync count =
        task {
            while lock reads (fun () -> reads.Count) < count do
                do! Task.Yield()
        }

let tests =
    testList "Shared lookup" [
        testCaseTask "callers that arrive during a read share the next read and see newer data" (fun () ->
            task {
                let reads = Reads()
                let lookup = SharedLookup reads.Read
                let first = lookup.FindAsync("key", none)
                do! reads.BegunAsync 1
                let second = lookup.FindAsync("key", none)
                let third = lookup.FindAsync("key", none)
                let other = lookup.FindAsync("other", none)
                do! reads.BegunAsync 2
                reads[0].SetResult "before"
                let! row = first
                Expect.equal row "before" "the first"
                Expect.isFalse second.IsCompleted "the first read began before this call"
                do! reads.BegunAsync 3
                reads[2].SetResult "after"
                let! both = Task.WhenAll(second, third)
                Expect.equal both [| "after"; "after" |] "the second and third"
                reads[1].SetResult "another"
                let! another = other
                Expect.equal another "another" "the other key"
            })

        testCaseTask "a failed read fails only its own callers, and the next call reads again" (fun () ->
            task {
                let mutable fails = true

                let read (key: string) =
                    if fails then
                        Task.FromException<string>(InvalidOperationException "away")
                    else
                        Task.FromResult key

                let lookup = SharedLookup read

                let! _ =
                    Expect.throwsTask<InvalidOperationException>(fun () -> lookup.FindAsync("key", none))

                fails <- false
                let! row = (lookup.FindAsync("key", none)).WaitAsync(TimeSpan.FromSeconds 30.)
                Expect.equal row "key" "row"
            })

        testCaseTask "a cancelled caller does not cancel the read for other callers" (fun () ->
            task {
                let row = TaskCompletionSource<string>()
                let lookup = SharedLookup(fun _ -> row.Task)
                use gone = new CancellationTokenSource()
                let first = lookup.FindAsync("key", gone.Token)
                let second = lookup.FindAsync("key", none)
                do! gone.CancelAsync()
                let! _ = Expect.throwsTask<TaskCanceledException>(fun () -> first)
                row.SetResult "there"
                let! found = second.WaitAsync(TimeSpan.FromSeconds 30.)
                Expect.equal found "there" "row"
            })
    ]
