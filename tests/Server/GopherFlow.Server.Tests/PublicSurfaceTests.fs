namespace GopherFlow.Server.Tests

open System
open System.IO
open System.Reflection
open System.Runtime.CompilerServices
open Expecto

/// The public API of the F# packages. The public API analyzer supports only C#.
module PublicSurfaceTests =

    let private folder = Path.Combine(__SOURCE_DIRECTORY__, "PublicSurface")

    let private packages = [
        typeof<GopherFlow.Contract.Setting>.Assembly
        typeof<GopherFlow.Scripting.ScriptOperations>.Assembly
        typeof<GopherFlow.Scripting.ScriptCompiler>.Assembly
        typeof<GopherFlow.Server.GopherFlowServer>.Assembly
    ]

    /// Members of every type, which the F# compiler also generates for records and unions. They are skipped.
    let private ofEveryType =
        set [ "Equals"; "GetHashCode"; "CompareTo"; "ToString"; "GetType" ]

    let private declared =
        BindingFlags.Public
        ||| BindingFlags.Instance
        ||| BindingFlags.Static
        ||| BindingFlags.DeclaredOnly

    let private isWritten (found: MemberInfo) =
        not (
            found.IsDefined typeof<CompilerGeneratedAttribute>
            || ofEveryType.Contains found.Name
        )

    let rec private nameOf (shown: Type) =
        let name =
            string shown.FullName |> fun full -> if full = "" then shown.Name else full

        if shown.IsGenericType then
            let arguments = shown.GetGenericArguments() |> Seq.map nameOf |> String.concat ", "
            $"{name.Split('`')[0]}<{arguments}>"
        else
            name

    let private parametersOf (called: MethodBase) =
        called.GetParameters()
        |> Seq.map (fun parameter -> $"{parameter.Name}: {nameOf parameter.ParameterType}")
        |> String.concat ", "

    let private memberOf (found: MemberInfo) =
        match found with
        | :? PropertyInfo as property -> Some $"{property.Name}: {nameOf property.PropertyType}"
        | :? FieldInfo as field when not field.IsSpecialName -> Some $"{field.Name}: {nameOf field.FieldType}"
        | :? ConstructorInfo as made -> Some $"new({parametersOf made})"
        | :? MethodInfo as called when not called.IsSpecialName ->
            Some $"{called.Name}({parametersOf called}): {nameOf called.ReturnType}"
        | _ -> None

    let private surfaceOf (package: Assembly) = [
        for shown in package.GetExportedTypes() |> Seq.filter isWritten do
            nameOf shown

            for found in shown.GetMembers declared |> Seq.filter isWritten |> Seq.choose memberOf do
                $"{nameOf shown}.{found}"
    ]

    let private linesOf package =
        surfaceOf package
        |> List.distinct
        |> List.sortWith (fun one other -> String.CompareOrdinal(one, other))

    let private fileOf (package: Assembly) =
        Path.Combine(folder, $"{package.GetName().Name}.txt")

    /// Writes the current public API of the packages to the files.
    let write () =
        Directory.CreateDirectory folder |> ignore

        for package in packages do
            File.WriteAllText(fileOf package, String.Join("\n", linesOf package) + "\n")

        0

    let tests =
        testList "Public surface" [
            for package in packages do
                testCase (string (package.GetName().Name)) (fun () ->
                    let known = File.ReadAllLines(fileOf package) |> List.ofArray
                    let now = linesOf package
                    let more = now |> List.except known |> List.map (sprintf "+ %s")
                    let less = known |> List.except now |> List.map (sprintf "- %s")

                    Expect.isEmpty
                        (more @ less)
                        "the public API has changed; if intended, run: dotnet fsi build.fsx api")
        ]
