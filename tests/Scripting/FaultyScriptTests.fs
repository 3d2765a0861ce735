namespace GopherFlow.Scripting.Tests

open System
open System.Diagnostics
open GopherFlow.Scripting
open Expecto
open GopherFlow.TestSupport

module FaultyScriptTests =
    let tests (compiler: ScriptCompiler) =

        let fits (expected: FaultyScript) (fault: Diagnostic) =
            fault.Code = expected.Code
            && fault.Text.Contains expected.Text
            && (fault.File, fault.Line) = (expected.File, expected.Line)
            && (expected.Column = 0 || fault.Column = expected.Column)

        let refused (expected: FaultyScript) =
            task {
                let! result = Scripts.compile compiler expected.Source
                let faults = Scripts.faults result

                return
                    if faults |> List.exists (fits expected) then
                        None
                    else
                        let wanted =
                            $"{expected.File}({expected.Line},{expected.Column}) {expected.Code} '{expected.Text}'"

                        Some
                            $"{expected.Title}\n  wanted {wanted}\n  got    {Scripts.describe (List.truncate 4 faults)}"
            }

        let settled () =
            for _ in 1..5 do
                GC.Collect()
                GC.WaitForPendingFinalizers()

            GC.GetTotalMemory true, Process.GetCurrentProcess().Threads.Count

        /// Compiles the scripts one after the other and returns the differences from the expected errors.
        let refuseAll scripts =
            task {
                let wrong = ResizeArray()

                for script in scripts do
                    let! difference = refused script
                    Option.iter wrong.Add difference

                return List.ofSeq wrong
            }

        /// The compiler's caches grow and shrink for a while, so measure several times: a leak does not shrink.
        let rec settledWithin (limit: int64) rounds =
            task {
                let memory, threads = settled ()

                if memory <= limit || rounds = 0 then
                    return memory, threads
                else
                    let! _ = refuseAll (List.truncate 40 FaultyScripts.all)
                    return! settledWithin limit (rounds - 1)
            }

        testList "Faulty script" [
            testCaseTask
                "About 200 invalid scripts are each rejected with a message and a position, and leak no memory"
                (fun () ->
                    task {
                        // The compiler caches data for each kind of error, so fill the caches before measuring memory.
                        let! wrong = refuseAll FaultyScripts.all
                        let memory, threads = settled ()
                        let! _ = FaultyScripts.all |> List.chunkBySize 4 |> List.map List.head |> refuseAll
                        Expect.isTrue wrong.IsEmpty (String.concat "\n" wrong)
                        Expect.isBetween FaultyScripts.all.Length 190 400 "length"
                        // The limit per compiled script is smaller than one script. The compiler's caches vary.
                        let limit = memory + 4_000_000L
                        let! memoryAfter, threadsAfter = settledWithin limit 5
                        Expect.isBetween memoryAfter 0L limit "memory after"
                        Expect.isBetween threadsAfter 0 (threads + 3) "threads after"
                    })
        ]
