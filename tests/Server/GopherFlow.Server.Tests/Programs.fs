namespace GopherFlow.Server.Tests

open System
open System.Diagnostics
open System.IO
open Expecto

/// Third-party programs that check the server's output.
module Programs =

    /// Runs a program to its end and fails if the exit code is not 0.
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
        let output = running.StandardOutput.ReadToEnd() + errors.Result
        running.WaitForExit()
        Expect.equal running.ExitCode 0 output

    /// Runs a test with a prerequisite. If it is missing, the test fails in CI and is skipped elsewhere.
    let orSkip (isAvailable: bool) (missing: string) (test: unit -> Threading.Tasks.Task<unit>) =
        task {
            if isAvailable then
                do! test ()
            elif Environment.GetEnvironmentVariable "CI" = "true" then
                failtest missing
            else
                skiptest missing
        }

/// A client generated from the OpenAPI document by a public generator.
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
            testCaseTask "the OpenAPI document is valid, and a generated client can make the seven requests" (fun () ->
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
