/// Helpers for running commands.
module Commands

open System
open System.Collections.Concurrent
open System.Diagnostics
open System.IO
open System.Runtime.InteropServices
open System.Threading
open System.Threading.Tasks

let root = Path.GetDirectoryName __SOURCE_DIRECTORY__
let repoPath path = Path.Combine(root, path)
let inCi = Environment.GetEnvironmentVariable "CI" = "true"

let deleteFolder folder =
    if Directory.Exists folder then
        Directory.Delete(folder, recursive = true)

/// Ends a target with an error message for the user.
exception Halt of message: string

let halt message = raise (Halt message)

type Command = {
    Program: string
    Arguments: string list
    Folder: string
    Environment: (string * string) list
    Limit: TimeSpan
}

let command program arguments = {
    Program = program
    Arguments = arguments
    Folder = root
    Environment = []
    Limit = Timeout.InfiniteTimeSpan
}

let mutable private stopping = false
let private children = ConcurrentDictionary<int, Process>()

let terminate (running: Process) =
    if OperatingSystem.IsWindows() then
        running.Kill(entireProcessTree = true)
    else
        use signal = Process.Start("kill", [ "-TERM"; string running.Id ])
        signal.WaitForExit()

/// Ctrl+C and SIGTERM terminate the child processes gracefully. The script exits after them.
let private onSignal (context: PosixSignalContext) =
    context.Cancel <- true
    stopping <- true
    children.Values |> Seq.iter terminate

let private registrations =
    [ PosixSignal.SIGINT; PosixSignal.SIGTERM ]
    |> List.map (fun signal -> PosixSignalRegistration.Create(signal, onSignal))

let private start command =
    let info =
        ProcessStartInfo(command.Program, command.Arguments, WorkingDirectory = command.Folder, UseShellExecute = false)

    for name, value in command.Environment do
        info.Environment[name] <- value

    try
        Process.Start info
    with :? ComponentModel.Win32Exception ->
        halt $"'{command.Program}' was not found. Install it and make sure that it is on the PATH."

/// Starts a command and returns the result of a function that watches it. The process is terminated if this script gets a signal.
let withProcess command (watch: Process -> 'result) =
    use running = start command
    children[running.Id] <- running
    let result = watch running
    children.TryRemove running.Id |> ignore

    if stopping then
        exit 130

    result

/// Runs a command with its output on this terminal and returns its exit code.
let run command =
    let settings =
        command.Environment |> List.map (fun (name, value) -> $"{name}={value} ")

    printfn "> %s%s %s" (String.concat "" settings) command.Program (String.concat " " command.Arguments)

    withProcess command (fun running ->
        if not (running.WaitForExit command.Limit) then
            eprintfn "Stopped after %g minutes: %s" command.Limit.TotalMinutes command.Program
            running.Kill(entireProcessTree = true)
            running.WaitForExit()

        running.ExitCode)

/// Runs a command and halts if it fails.
let runOrFail command =
    match run command with
    | 0 -> ()
    | code -> halt $"'{command.Program}' failed with exit code {code}. See its output above."

/// The output of a command, or None if the command is missing or fails.
let tryRead program arguments =
    try
        let info =
            ProcessStartInfo(
                program,
                (arguments: string list),
                RedirectStandardOutput = true,
                RedirectStandardError = true
            )

        use running = Process.Start info
        let text = running.StandardOutput.ReadToEnd()
        running.WaitForExit()
        if running.ExitCode = 0 then Some(text.Trim()) else None
    with :? ComponentModel.Win32Exception ->
        None

/// A command from a string that is split at spaces, plus further arguments that may contain spaces.
let commandLine program (words: string) arguments =
    command program (List.ofArray (words.Split ' ') @ arguments)

let dotnet words arguments = commandLine "dotnet" words arguments

/// Runs functions, two at a time, and returns their results in no particular order.
let inParallel (works: (unit -> 'result) list) =
    let waiting = ConcurrentQueue works

    let rec work results =
        match waiting.TryDequeue() with
        | true, next -> work (next () :: results)
        | _ -> results

    let workers = Array.init 2 (fun _ -> Task.Run(fun () -> work []))
    Task.WhenAll(workers).GetAwaiter().GetResult() |> List.concat
