module GopherFlow.Server.Tests.Main

open Expecto
open GopherFlow.Server
open GopherFlow.Server.Tests.SignInTests

/// Tests that start their own server run in parallel. Tests that share a server run one after the other.
let private sharing name tests =
    testSequencedGroup name (testList name tests)

/// Writes the OpenAPI document, the input of the client generators.
let private writeDescription (file: string) =
    System.IO.File.WriteAllText(file, ApiDescription.text Routes.api + "\n")
    0

let private runTests arguments =
    task {
        use! forWorkflows = TestServer.StartAsync()
        use! forManualChanges = TestServer.StartAsync()
        use! forBadInput = TestServer.StartAsync()
        use! forOperations = TestServer.StartAsync()
        use! forImports = TestServer.StartAsync()
        use! forJobs = TestServer.StartAsync()
        use! forSchedules = TestServer.StartAsync()
        use! forSessions = TestServer.StartAsync()
        use! forScriptInput = TestServer.StartAsync()
        use! forScripts = TestServer.StartAsync()

        return
            testList "Server" [
                DecodeTests.tests
                OffsetTests.tests
                DefinitionResponseTests.tests
                SharedLookupTests.tests
                SettingsTests.tests
                SettingsTableTests.tests
                PublicSurfaceTests.tests
                SignInThrottleTests.tests
                FirstAccountTests.tests
                sharing "sessions" [ SessionTests.tests forSessions ]
                ExpiryTests.tests
                RoleTests.tests
                UserTests.tests
                AuditTests.tests
                OpenIdTests.tests
                sharing "workflows" [ WorkflowTests.tests forWorkflows ]
                sharing "manual changes" [ ManualChangeTests.tests forManualChanges ]
                QueryTests.tests
                sharing "bad input" [ BadInputTests.tests forBadInput ]
                BodyLimitTests.tests
                sharing "operations" [ OperationTests.tests forOperations ]
                sharing "imports" [ ImportTests.tests forImports ]
                sharing "jobs" [ JobTests.tests forJobs ]
                sharing "schedules" [ ScheduleTests.tests forSchedules ]
                ContractTests.tests
                AttackTests.tests
                FuzzTests.tests
                ClientTests.tests
                PublicClientTests.tests
                WaitTests.tests
                LateTests.tests
                LiveEventTests.tests
                sharing "scripts" [
                    ScriptTests.tests forScripts
                    VersionTests.tests forScripts
                    DefinitionEventTests.tests forScripts
                ]
                sharing "script input" [ ScriptInputTests.tests forScriptInput ]
                ConsoleTests.tests
                FailureTests.tests
                ObservedTests.tests
            ]
            |> runTestsWithCLIArgs [] arguments
    }
    |> _.GetAwaiter().GetResult()

[<EntryPoint>]
let main arguments =
    match List.ofArray arguments with
    | [ "describe"; file ] -> writeDescription file
    | [ "surface" ] -> PublicSurfaceTests.write ()
    | "fuzz" :: count :: settings -> Fuzz.main (int count) settings
    | _ -> runTests arguments
