namespace GopherFlow.Scripting.Tests

open System
open System.Diagnostics
open GopherFlow.Scripting
open Xunit

[<Collection "compiler">]
type FaultyScriptTests(warm: WarmCompiler) =

    let fits (expected: FaultyScript) (fault: Diagnostic) =
        fault.Code = expected.Code
        && fault.Text.Contains expected.Text
        && (fault.File, fault.Line) = (expected.File, expected.Line)
        && (expected.Column = 0 || fault.Column = expected.Column)

    let refused (expected: FaultyScript) =
        task {
            let! result = Scripts.compile warm.Compiler expected.Source
            let faults = Scripts.faults result

            return
                if faults |> List.exists (fits expected) then
                    None
                else
                    let wanted =
                        $"{expected.File}({expected.Line},{expected.Column}) {expected.Code} '{expected.Text}'"

                    Some $"{expected.Title}\n  wanted {wanted}\n  got    {Scripts.describe (List.truncate 4 faults)}"
        }

    let settled () =
        for _ in 1..5 do
            GC.Collect()
            GC.WaitForPendingFinalizers()

        GC.GetTotalMemory true, Process.GetCurrentProcess().Threads.Count

    /// The scripts, one after the other.
    let refuseAll scripts =
        task {
            let wrong = ResizeArray()

            for script in scripts do
                let! difference = refused script
                Option.iter wrong.Add difference

            return List.ofSeq wrong
        }

    [<Fact>]
    member _.``About 200 faulty scripts are each refused with a message and a place, and leave nothing behind``() =
        task {
            let! _ = refuseAll (List.truncate 40 FaultyScripts.all)
            let memory, threads = settled ()
            let! wrong = refuseAll FaultyScripts.all
            Assert.True(wrong.IsEmpty, String.concat "\n" wrong)
            Assert.InRange(FaultyScripts.all.Length, 190, 400)
            let memoryAfter, threadsAfter = settled ()
            Assert.InRange(memoryAfter, 0L, memory + memory / 10L)
            Assert.InRange(threadsAfter, 0, threads + 3)
        }
