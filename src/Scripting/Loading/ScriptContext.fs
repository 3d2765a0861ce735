namespace GopherFlow.Scripting

open System
open System.IO
open System.Reflection
open System.Runtime.Loader

/// The load context of one version of a script. It shares the application's assemblies and loads those of the lib folder itself.
/// Assemblies are loaded from bytes, so that their files are not locked.
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
