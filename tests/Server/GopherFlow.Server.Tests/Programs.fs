namespace GopherFlow.Server.Tests

open System
open System.Diagnostics
open System.IO
open Expecto

/// Programs of others that look at what the server says.
module Programs =

    /// Runs a program to its end; it must be content.
    let run (program: string) (arguments: string list) (input: string) =
        let info =
            ProcessStartInfo(
                program,
                arguments,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true
            )

        use running = nonNull (Process.Start info)
        running.StandardInput.Write input
        running.StandardInput.Close()
        let errors = running.StandardError.ReadToEndAsync()
        let said = running.StandardOutput.ReadToEnd() + errors.Result
        running.WaitForExit()
        Expect.equal running.ExitCode 0 said

    /// A test that needs what may be missing on a developer's machine, but not where CI runs.
    let orSkip (isThere: bool) (missing: string) (test: unit -> Threading.Tasks.Task<unit>) =
        task {
            if isThere then
                do! test ()
            elif Environment.GetEnvironmentVariable "CI" = "true" then
                failtest missing
            else
                skiptest missing
        }

/// A client that a public generator makes of the description.
module PublicClientTests =

    let rec private upwards (folder: string) =
        if File.Exists(Path.Combine(folder, "GopherFlow.sln")) then
            folder
        else
            upwards (nonNull (Path.GetDirectoryName folder))

    let private folder =
        Path.Combine(upwards AppContext.BaseDirectory, "tests", "PublicClient")

    let tests =
        testList "Public client" [
            testCaseTask "the description is valid, and a client made of it does the seven requests" (fun () ->
                Programs.orSkip
                    (Directory.Exists(Path.Combine(folder, "node_modules")))
                    "npm ci has not run in tests/PublicClient"
                    (fun () ->
                        task {
                            use! server = TestServer.StartAsync()
                            let address = nonNull server.Http.BaseAddress

                            Programs.run
                                "node"
                                [
                                    Path.Combine(folder, "check.mjs")
                                    address.GetLeftPart UriPartial.Authority
                                    TestSettings.ApiKey
                                ]
                                ""
                        }))
        ]
