namespace GopherFlow.Scripting

open System
open System.IO
open System.Reflection
open System.Runtime.Loader

/// Where one version of a script lives: it shares every assembly of the application, and brings those of the lib folder along.
/// Everything is loaded from bytes, so that no file is held.
type internal ScriptContext(name: string, libraries: string option) as context =
    inherit AssemblyLoadContext(name, isCollectible = true)

    do context.add_Resolving (fun _ wanted -> context.FromLibraries wanted)

    member private _.FromLibraries(wanted: AssemblyName) : Assembly | null =
        libraries
        |> Option.map (fun folder -> Path.Combine(folder, $"{wanted.Name}.dll"))
        |> Option.filter File.Exists
        |> Option.map (fun path -> context.LoadBytes(File.ReadAllBytes path))
        |> Option.toObj

    member _.LoadBytes(assembly: byte array) : Assembly =
        use stream = new MemoryStream(assembly)
        context.LoadFromStream stream

    override _.Load(_: AssemblyName) : Assembly | null = null
