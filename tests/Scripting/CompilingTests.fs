namespace GopherFlow.Scripting.Tests

open System
open System.IO
open System.Threading
open GopherFlow.Definitions
open GopherFlow.Scripting
open Xunit

[<Collection "compiler">]
type CompilingTests(warm: WarmCompiler) =

    let folder = Directory.CreateTempSubdirectory("gopherflow-test-").FullName

    /// One whose compiler would need more time than it has: what it gives comes from the cache.
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
        Scripts.script (Scripts.sound + "\nlet unused = List.map (fun n -> n + 1) [ 1 ]")

    let entries cache = Directory.GetFiles(cache, "*.script")

    [<Fact>]
    member _.``What was compiled is kept, and needs no compiler the next time``() =
        task {
            let cache = Path.Combine(folder, "cache")
            use first = withCache cache inTime
            let! result = Scripts.compile first source
            (Scripts.loaded result).Dispose()
            use second = withCache cache noTime
            let! again = Scripts.compile second source
            use script = Scripts.loaded again
            Assert.Equal("Test", script.Definition.Name)
            Assert.Single(entries cache) |> ignore

            let mode = File.GetUnixFileMode cache
            Assert.Equal(UnixFileMode.UserRead ||| UnixFileMode.UserWrite ||| UnixFileMode.UserExecute, mode)
        }

    [<Theory>]
    [<InlineData 0>]
    [<InlineData 20>]
    [<InlineData 1000>]
    member _.``A damaged cache file is compiled anew``(length: int) =
        task {
            let cache = Path.Combine(folder, "cache")
            use compiler = withCache cache inTime
            let! result = Scripts.compile compiler source
            (Scripts.loaded result).Dispose()
            let file = Assert.Single(entries cache)
            let whole = File.ReadAllBytes file
            File.WriteAllBytes(file, Array.truncate length whole)

            use fresh = withCache cache inTime
            let! again = Scripts.compile fresh source
            (Scripts.loaded again).Dispose()
            Assert.Equal(whole.Length, (File.ReadAllBytes file).Length)

            File.WriteAllBytes(file, Array.truncate length whole)
            use hurried = withCache cache noTime
            let! refused = Scripts.compile hurried source
            Assert.Equal("GF0006", (Scripts.faults refused).Head.Code)
        }

    [<Fact>]
    member _.``A cache that cannot be written is a warning``() =
        task {
            let blocked = Path.Combine(folder, "blocked")
            File.WriteAllText(blocked, "")
            use compiler = withCache blocked inTime
            let! result = Scripts.compile compiler source
            use script = Scripts.loaded result
            let warning = Assert.Single script.Warnings
            Assert.Equal(("GF0017", Severity.Warning), (warning.Code, warning.Severity))
        }

    [<Fact>]
    member _.``Checking keeps no file, and compiling what was checked needs no compiler``() =
        task {
            let cache = Path.Combine(folder, "cache")
            use compiler = withCache cache inTime
            let! check = Scripts.check compiler source
            Assert.Empty check.Diagnostics
            Assert.False(Directory.Exists cache)
            Assert.StartsWith("flowchart TD", check.Diagram.Value)
            Assert.All(check.Definition.Value.States, (fun state -> Assert.Null state.Function))
            let! result = Scripts.compile compiler source
            use script = Scripts.loaded result
            Assert.Equal(check.Version, script.Version)
            Assert.Single(entries cache) |> ignore
        }

    [<Fact>]
    member _.``A faulty machine is shown while it is told of``() =
        task {
            let code =
                "let workflow2 = workflow \"Test\" { start \"Work\" work [ \"Nowhere\" ]; finish \"Done\" }"

            let source =
                ScriptSource.single "Test.fsx" (Scripts.opening + Scripts.sound + "\n" + code)

            let! check = Scripts.check warm.Compiler source
            Assert.Equal(2, check.Diagnostics.Length)
            Assert.Contains("Work", check.Diagram.Value)
        }

    [<Fact>]
    member _.``A warning does not stop a script, and is told with its place``() =
        task {
            let source =
                Scripts.script (Scripts.sound + "\nlet head = match [ 1 ] with x :: _ -> x")

            let! result = Scripts.compile warm.Compiler source
            use script = Scripts.loaded result
            let warning = Assert.Single script.Warnings
            Assert.Equal(("FS0025", Severity.Warning), (warning.Code, warning.Severity))
            Assert.Equal((Scripts.firstLine + 1, 18), (warning.Line, warning.Column))
        }

    [<Fact>]
    member _.``A file of the folder is loaded, with or without a module of its own``() =
        task {
            File.WriteAllText(Path.Combine(folder, "Plain.fsx"), "let twice n = n * 2\n")
            File.WriteAllText(Path.Combine(folder, "Headed.fs"), "module My.Own\n\nlet thrice n = n * 3\n")

            let text =
                Scripts.opening
                + "#load \"Plain.fsx\"\n#load \"./Headed.fs\"\nlet six = Plain.twice (My.Own.thrice 1)\n"
                + Scripts.sound
                + Scripts.closing

            File.WriteAllText(Path.Combine(folder, "Test.fsx"), text)

            let source =
                ScriptFolder.read folder |> List.find (fun script -> script.Name = "Test.fsx")

            Assert.Equal<string list>([ "Headed.fs"; "Plain.fsx" ], List.map fst (Map.toList source.Loaded))
            let! result = Scripts.compile warm.Compiler source
            (Scripts.loaded result).Dispose()
        }

    [<Fact>]
    member _.``The version follows the script and what it loads``() =
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

        Assert.Equal(versions.Length, (List.distinct versions).Length)
        Assert.All(versions, (fun version -> Assert.Matches("^[0-9a-f]{8}$", version)))
        Assert.Equal(versions.Head, ScriptVersion.Of one)

    [<Fact>]
    member _.``An assembly of the lib folder is used without holding its file``() =
        task {
            let lib = Directory.CreateDirectory(Path.Combine(folder, "lib")).FullName
            let copy = Path.Combine(lib, "xunit.v3.assert.dll")
            File.Copy(typeof<Assert>.Assembly.Location, copy)

            use compiler =
                new ScriptCompiler(
                    {
                        ScriptCompilerOptions.defaults with
                            Libraries = Some lib
                    }
                )

            let source =
                Scripts.script ("#r \"lib/xunit.v3.assert.dll\"\nXunit.Assert.True true\n" + Scripts.sound)

            let! result = Scripts.compile compiler source
            (Scripts.loaded result).Dispose()
            File.Delete copy
        }

    [<Theory>]
    [<InlineData("[ ", "1; ", 60000, "]")>]
    [<InlineData("", "if n = 1 then 1 else ", 5000, "2")>]
    [<InlineData("", "(", 3000, "1")>]
    member _.``What is long or deep is too much for nobody``(opening, repeated, count, closing) =
        task {
            let closing = closing + String.replicate (if repeated = "(" then count else 0) ")"
            let code = $"let long n = {opening}{String.replicate count repeated}{closing}\n"
            let! result = Scripts.compile warm.Compiler (Scripts.script (code + Scripts.sound))
            (Scripts.loaded result).Dispose()
        }

    [<Fact>]
    member _.``Who no longer waits for the compiler is let go``() =
        task {
            use waiting = new CancellationTokenSource()
            waiting.Cancel()

            let! _ =
                Assert.ThrowsAnyAsync<OperationCanceledException>(fun () ->
                    warm.Compiler.CompileAsync(Scripts.script "let z = 4711", waiting.Token))

            return ()
        }

    interface IDisposable with
        member _.Dispose() =
            Directory.Delete(folder, recursive = true)
