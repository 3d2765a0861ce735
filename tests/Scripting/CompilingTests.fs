namespace GopherFlow.Scripting.Tests

open System
open System.IO
open System.Threading
open GopherFlow.Definitions
open GopherFlow.Scripting
open Expecto
open GopherFlow.TestSupport

module CompilingTests =
    let tests (compiler: ScriptCompiler) =

        /// A compiler with a cache folder and a time limit. With <c>noTime</c> compiling times out, so a result must come from the cache.
        let withCache cache limit =
            new ScriptCompiler(
                {
                    ScriptCompilerOptions.defaults with
                        Cache = Some cache
                        Limits = {
                            ScriptLimits.defaults with
                                Compiling = limit
                        }
                }
            )

        let inTime = ScriptLimits.defaults.Compiling
        let noTime = TimeSpan.FromMilliseconds 1.

        let source =
            Scripts.script (Scripts.valid + "\nlet unused = List.map (fun n -> n + 1) [ 1 ]")

        let entries cache = Directory.GetFiles(cache, "*.script")

        testList "Compiling" [
            testCaseTask "Without a compiler the diagnostics name UseScripts" (fun () ->
                task {
                    let none: IScriptCompiler = NoScriptCompiler()
                    let! found = none.CheckAsync(source, CancellationToken.None)
                    let! compiled = none.CompileAsync(source, CancellationToken.None)
                    Expect.equal (found.Diagnostics |> List.map _.Code) [ Diagnostic.NoCompiler ] "diagnostics"
                    Expect.stringContains found.Diagnostics[0].Text "UseScripts()" "the fix"
                    Expect.isError compiled "compiled"
                })

            testCaseTask "A compiled script is loaded from the cache the next time" (fun () ->
                task {
                    use folder = new TemporaryFolder()
                    let cache = Path.Combine(folder.Path, "cache")
                    use first = withCache cache inTime
                    let! result = Scripts.compile first source
                    (Scripts.loaded result).Dispose()
                    use second = withCache cache noTime
                    let! again = Scripts.compile second source
                    use script = Scripts.loaded again
                    Expect.equal script.Definition.Name "Test" "name"
                    Expect.single (entries cache) "cache" |> ignore

                    let mode = File.GetUnixFileMode cache

                    Expect.equal
                        mode
                        (UnixFileMode.UserRead ||| UnixFileMode.UserWrite ||| UnixFileMode.UserExecute)
                        "mode"
                })

            testCaseTask "Cache permissions are made private before a cached script runs" (fun () ->
                task {
                    use folder = new TemporaryFolder()
                    let cache = Path.Combine(folder.Path, "cache")
                    use first = withCache cache inTime
                    let! result = Scripts.compile first source
                    (Scripts.loaded result).Dispose()
                    let file = Expect.single (entries cache) "cache"

                    let modes () =
                        File.GetUnixFileMode cache, File.GetUnixFileMode file

                    let privately = modes ()

                    Expect.equal (snd privately) (UnixFileMode.UserRead ||| UnixFileMode.UserWrite) "file"

                    for path in [ cache; file ] do
                        File.SetUnixFileMode(path, File.GetUnixFileMode path ||| UnixFileMode.OtherWrite)

                    use second = withCache cache noTime
                    let! again = Scripts.compile second source
                    (Scripts.loaded again).Dispose()
                    Expect.equal (modes ()) privately "modes"
                })

            testCase "Builds that share a folder delete another build's references after a week without use" (fun () ->
                use folder = new TemporaryFolder()

                let placeOf id =
                    Path.Combine(folder.Path, $"references-{id}")

                let unpack id =
                    let build: SingleFile = { Program = ""; Id = id; Files = [] }
                    UnpackedReferences.inFolder folder.Path build [] |> ignore

                unpack "one"
                let privately = File.GetUnixFileMode(placeOf "one")
                File.SetUnixFileMode(placeOf "one", privately ||| UnixFileMode.OtherWrite)
                unpack "one"
                Expect.equal (File.GetUnixFileMode(placeOf "one")) privately "private"
                unpack "two"
                Expect.isTrue (Directory.Exists(placeOf "one")) "the other build's folder"
                Directory.SetLastWriteTimeUtc(placeOf "one", DateTime.UtcNow.AddDays(-8.))
                unpack "two"

                Expect.equal
                    (Directory.Exists(placeOf "one"), Directory.Exists(placeOf "two"))
                    (false, true)
                    "after a week")

            testTheory
                "The cache evicts the oldest files, and nothing while there is room"
                [ 2, [ "b"; "a" ]; 4, []; 5, [] ]
                (fun (capacity, evicted) ->
                    let written =
                        [ "c", 3; "a", 1; "d", 4; "b", 2 ]
                        |> List.map (fun (file, day) -> file, DateTime(2026, 1, day))

                    Expect.equal (AssemblyCache.surplus capacity written) evicted "evicted")

            testTheoryTask "A damaged cache file is compiled again" [ 0; 20; 1000 ] (fun (length: int) ->
                task {
                    use folder = new TemporaryFolder()
                    let cache = Path.Combine(folder.Path, "cache")
                    use compiler = withCache cache inTime
                    let! result = Scripts.compile compiler source
                    (Scripts.loaded result).Dispose()
                    let file = Expect.single (entries cache) "cache"
                    let whole = File.ReadAllBytes file
                    File.WriteAllBytes(file, Array.truncate length whole)

                    use fresh = withCache cache inTime
                    let! again = Scripts.compile fresh source
                    (Scripts.loaded again).Dispose()
                    Expect.equal ((File.ReadAllBytes file).Length) whole.Length "length"

                    File.WriteAllBytes(file, Array.truncate length whole)
                    use hurried = withCache cache noTime
                    let! refused = Scripts.compile hurried source
                    Expect.equal ((Scripts.faults refused).Head.Code) "GF0006" "code"
                })

            testCaseTask "A cache that cannot be written is a warning" (fun () ->
                task {
                    use folder = new TemporaryFolder()
                    let blocked = Path.Combine(folder.Path, "blocked")
                    File.WriteAllText(blocked, "")
                    use compiler = withCache blocked inTime
                    let! result = Scripts.compile compiler source
                    use script = Scripts.loaded result
                    let warning = Expect.single script.Warnings "warnings"
                    Expect.equal (warning.Code, warning.Severity) ("GF0017", Severity.Warning) "severity"
                })

            testCaseTask "A check writes no cache file, and the script can be compiled afterwards" (fun () ->
                task {
                    use folder = new TemporaryFolder()
                    let cache = Path.Combine(folder.Path, "cache")
                    use compiler = withCache cache inTime
                    let! check = Scripts.check compiler source
                    Expect.isEmpty check.Diagnostics "diagnostics"
                    Expect.isFalse (Directory.Exists cache) "cache"
                    Expect.stringStarts check.Diagram.Value "flowchart TD" "diagram"

                    Expect.all
                        check.Definition.Value.States
                        (fun state -> isNull state.Function)
                        "no state has a function"

                    let! result = Scripts.compile compiler source
                    use script = Scripts.loaded result
                    Expect.equal script.Version check.Version "version"
                    Expect.single (entries cache) "cache" |> ignore
                })

            testCaseTask "A check draws a decision and returns only the name of its signal" (fun () ->
                task {
                    let code =
                        """
type Decision = { Approved: bool }
let work (_: Step) = goto "Approval"
let decide (_: Step) (decision: Decision) = if decision.Approved then goto "Done" else goto "No"

let workflow =
    workflow "Test" {
        start "Work" work [ "Approval" ]
        manual "Approval" decide [ "Done"; "No" ]
        finish "Done"
        error "No"
    }
"""

                    let! check =
                        Scripts.check compiler (ScriptSource.single "Test.fsx" (Scripts.opening + code))

                    Expect.isEmpty check.Diagnostics "diagnostics"
                    Expect.stringContains check.Diagram.Value "class Approval manualClass;" "diagram"

                    Expect.equal
                        [ for state in check.Definition.Value.States -> Option.ofObj state.Signal ]
                        [ None; Some(SignalContract "Decision"); None; None ]
                        "signals"
                })

            testCaseTask "An invalid state machine still has a diagram" (fun () ->
                task {
                    let code =
                        "let workflow2 = workflow \"Test\" { start \"Work\" work [ \"Nowhere\" ]; finish \"Done\" }"

                    let source =
                        ScriptSource.single "Test.fsx" (Scripts.opening + Scripts.valid + "\n" + code)

                    let! check = Scripts.check compiler source
                    Expect.equal check.Diagnostics.Length 2 "length"
                    Expect.stringContains check.Diagram.Value "Work" "diagram"
                })

            testCaseTask "A warning does not reject a script and is reported with its position" (fun () ->
                task {
                    let source =
                        Scripts.script (Scripts.valid + "\nlet head = match [ 1 ] with x :: _ -> x")

                    let! result = Scripts.compile compiler source
                    use script = Scripts.loaded result
                    let warning = Expect.single script.Warnings "warnings"
                    Expect.equal (warning.Code, warning.Severity) ("FS0025", Severity.Warning) "severity"
                    Expect.equal (warning.Line, warning.Column) (Scripts.firstLine + 1, 18) "column"
                })

            testCaseTask "A file in the folder can be loaded with or without its own module" (fun () ->
                task {
                    use folder = new TemporaryFolder()
                    File.WriteAllText(Path.Combine(folder.Path, "Plain.fsx"), "let twice n = n * 2\n")

                    File.WriteAllText(
                        Path.Combine(folder.Path, "Headed.fs"),
                        "module My.Own\n\nlet thrice n = n * 3\n"
                    )

                    let text =
                        Scripts.opening
                        + "#load \"Plain.fsx\"\n#load \"./Headed.fs\"\nlet six = Plain.twice (My.Own.thrice 1)\n"
                        + Scripts.valid
                        + Scripts.closing

                    File.WriteAllText(Path.Combine(folder.Path, "Test.fsx"), text)

                    let source =
                        ScriptFolder.read folder.Path
                        |> List.find (fun script -> script.Name = "Test.fsx")

                    Expect.equal (List.map fst (Map.toList source.Loaded)) [ "Headed.fs"; "Plain.fsx" ] "loaded"
                    let! result = Scripts.compile compiler source
                    (Scripts.loaded result).Dispose()
                })

            testCase "The version depends on name, text and loaded files" (fun () ->
                let one = ScriptSource.single "A.fsx" "1"

                let versions =
                    [
                        one
                        { one with Text = "2" }
                        { one with Name = "B.fsx" }
                        { one with Loaded = Map [ "C.fs", "" ] }
                        {
                            one with
                                Loaded = Map [ "C.fs", "1" ]
                        }
                    ]
                    |> List.map ScriptVersion.Of

                Expect.equal ((List.distinct versions).Length) versions.Length "length"

                versions
                |> List.iter (fun version -> Expect.isMatch version "^[0-9a-f]{8}$" "version")

                Expect.equal (ScriptVersion.Of one) versions.Head "one")

            testCaseTask "An assembly from the lib folder is used without locking its file" (fun () ->
                task {
                    use folder = new TemporaryFolder()
                    let lib = Directory.CreateDirectory(Path.Combine(folder.Path, "lib")).FullName
                    let copy = Path.Combine(lib, "Expecto.dll")
                    File.Copy(typeof<Test>.Assembly.Location, copy)

                    use compiler =
                        new ScriptCompiler(
                            {
                                ScriptCompilerOptions.defaults with
                                    Libraries = Some lib
                            }
                        )

                    let source =
                        Scripts.script ("#r \"lib/Expecto.dll\"\nExpecto.Expect.isTrue true \"\"\n" + Scripts.valid)

                    let! result = Scripts.compile compiler source
                    (Scripts.loaded result).Dispose()
                    File.Delete copy
                })

            testTheoryTask
                "Very long and deeply nested code compiles"
                [
                    "[ ", "1; ", 60000, "]"
                    "", "if n = 1 then 1 else ", 5000, "2"
                    "", "(", 3000, "1"
                ]
                (fun (opening, repeated, count, closing) ->
                    task {
                        let closing = closing + String.replicate (if repeated = "(" then count else 0) ")"
                        let code = $"let long n = {opening}{String.replicate count repeated}{closing}\n"
                        let! result = Scripts.compile compiler (Scripts.script (code + Scripts.valid))
                        (Scripts.loaded result).Dispose()
                    })

            testCaseTask "A cancelled caller stops waiting for the compiler" (fun () ->
                task {
                    use waiting = new CancellationTokenSource()
                    waiting.Cancel()

                    let! _ =
                        Expect.throwsTask<OperationCanceledException>(fun () ->
                            compiler.CompileAsync(Scripts.script "let z = 4711", waiting.Token))

                    return ()
                })
        ]
