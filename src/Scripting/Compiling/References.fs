namespace GopherFlow.Scripting

open System
open System.IO
open System.Reflection.Metadata
open System.Reflection.PortableExecutable

/// The assemblies that every script may use: those of the framework and of the application.
type internal References = {
    Paths: string list
    /// Name and module version id of each: what a cached assembly was compiled against.
    Identities: Lazy<string list>
}

module internal References =

    /// Part of the framework, but nothing that a workflow would use; each costs time in every compilation.
    let private isOfNoUse (name: string) =
        [
            "Microsoft.VisualBasic"
            "Microsoft.CodeAnalysis"
            "FSharp.Compiler"
            "FSharp.DependencyManager"
            "Mono.Cecil"
            "System.Private.Xml"
            "System.Private.DataContractSerialization"
            "WindowsBase"
            "xunit"
            "Expecto"
            "Microsoft.Testing"
            "Microsoft.TestPlatform"
            "Microsoft.AspNetCore"
            "Microsoft.JSInterop"
        ]
        |> List.exists (fun prefix -> name.StartsWith(prefix, StringComparison.Ordinal))

    let private mvidOf (path: string) =
        use file = File.OpenRead path
        use image = new PEReader(file)
        let metadata = image.GetMetadataReader()
        metadata.GetGuid(metadata.GetModuleDefinition().Mvid)

    let private isManaged (path: string) =
        use file = File.OpenRead path
        use image = new PEReader(file)
        image.HasMetadata

    let private trusted () =
        match AppContext.GetData "TRUSTED_PLATFORM_ASSEMBLIES" with
        | :? string as paths ->
            paths.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            |> List.ofArray
        | _ -> []

    let private besideTheApp () =
        Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll")
        |> Seq.filter isManaged
        |> List.ofSeq

    let private nameOf (path: string) =
        string (Path.GetFileNameWithoutExtension path)

    let private needed = [ "System.Runtime"; "FSharp.Core"; "GopherFlow.Engine"; "GopherFlow.Scripting" ]

    /// The references, or in words why there are none.
    let find () : Result<References, string> =
        let paths =
            (match trusted () with
             | [] -> besideTheApp ()
             | paths -> paths)
            |> List.filter (fun path -> File.Exists path && not (isOfNoUse (nameOf path)))
            |> List.distinctBy nameOf
            |> List.sort

        match needed |> List.except (paths |> List.map nameOf) with
        | [] ->
            Ok {
                Paths = paths
                Identities = lazy (paths |> List.map (fun path -> $"{nameOf path} {mvidOf path}"))
            }
        | missing ->
            let names = String.concat ", " missing

            Error
                $"F# scripts cannot be compiled here: the compiler needs {names} as files, and they are neither among the trusted platform assemblies nor in '{AppContext.BaseDirectory}'. In an application that is published as a single file, set IncludeAllContentForSelfExtract to true."
