/// The commands that the targets run.
module Commands

open System
open System.Collections.Concurrent
open System.Diagnostics
open System.IO
open System.Runtime.InteropServices
open System.Threading
open System.Threading.Tasks

let root = Path.GetDirectoryName __SOURCE_DIRECTORY__
let at path = Path.Combine(root, path)
let inCi = Environment.GetEnvironmentVariable "CI" = "true"

let deleteFolder folder =
    if Directory.Exists folder then
        Directory.Delete(folder, recursive = true)

/// Ends a target with a message for the person who called it.
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

/// Ctrl+C and SIGTERM stop the child processes gracefully; the script exits after them.
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
        halt $"'{command.Program}' was not found. Install it and see that it is on the PATH."

/// Starts a command and gives what is made of it. It has ended then, or is ended with this script by a signal.
let attend command (watch: Process -> 'result) =
    use running = start command
    children[running.Id] <- running
    let result = watch running
    children.TryRemove running.Id |> ignore

    if stopping then
        exit 130

    result

/// Runs a command with its output on this terminal and gives its exit code.
let run command =
    let settings =
        command.Environment |> List.map (fun (name, value) -> $"{name}={value} ")

    printfn "> %s%s %s" (String.concat "" settings) command.Program (String.concat " " command.Arguments)

    attend command (fun running ->
        if not (running.WaitForExit command.Limit) then
            eprintfn "Stopped after %g minutes: %s" command.Limit.TotalMinutes command.Program
            running.Kill(entireProcessTree = true)
            running.WaitForExit()

        running.ExitCode)

/// Runs a command that must succeed.
let must command =
    match run command with
    | 0 -> ()
    | code -> halt $"'{command.Program}' ended with exit code {code}; what it printed above says why."

/// The first line a command prints, or None when it is missing or fails.
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

/// A command of fixed words, and arguments that may hold blanks.
let worded program (words: string) arguments =
    command program (List.ofArray (words.Split ' ') @ arguments)

let dotnet words arguments = worded "dotnet" words arguments

/// Runs all of them, two at a time, and returns their results in no particular order.
let sideBySide (works: (unit -> 'result) list) =
    let waiting = ConcurrentQueue works

    let rec work results =
        match waiting.TryDequeue() with
        | true, next -> work (next () :: results)
        | _ -> results

    let workers = Array.init 2 (fun _ -> Task.Run(fun () -> work []))
    Task.WhenAll(workers).GetAwaiter().GetResult() |> List.concat
