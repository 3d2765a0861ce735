namespace GopherFlow.FSharp

open System
open System.Collections.Concurrent
open System.Reflection
open System.Runtime.CompilerServices
open System.Text.Json
open System.Text.Json.Serialization.Metadata
open Microsoft.FSharp.Reflection

/// Which serializer a type belongs to. A serializer remembers every type that it has met, so the types of a script have one
/// that is forgotten together with the script.
module internal ScriptJson =

    let private mayBeAbsent (field: Type) =
        field.IsGenericType
        && (let kind = field.GetGenericTypeDefinition()

            kind = typedefof<_ option>
            || kind = typedefof<_ voption>
            || kind = typedefof<Nullable<_>>)

    /// An F# record has no field that is null because it was forgotten, but an option may be left out.
    let private relieveOptions (contract: JsonTypeInfo) =
        if
            contract.Kind = JsonTypeInfoKind.Object
            && FSharpType.IsRecord(contract.Type, true)
        then
            for field in contract.Properties do
                if mayBeAbsent field.PropertyType then
                    field.IsRequired <- false

    /// As C# has it, with the converters of the application; options are the value or null, lists and sets arrays, maps objects.
    let newSerialization (ofCSharp: JsonSerializerOptions) : JsonSerializerOptions =
        let resolver =
            JsonTypeInfoResolver.Combine(ofCSharp.TypeInfoResolver, DefaultJsonTypeInfoResolver())

        let serialization =
            JsonSerializerOptions(
                ofCSharp,
                TypeInfoResolver = resolver.WithAddedModifier relieveOptions,
                RespectRequiredConstructorParameters = true
            )

        serialization.Converters.Add(UnionConverterFactory())
        serialization

    let private lasting =
        ConditionalWeakTable<JsonSerializerOptions, JsonSerializerOptions>()

    let private ofScripts =
        ConditionalWeakTable<Assembly, ConcurrentDictionary<JsonSerializerOptions, JsonSerializerOptions>>()

    let rec private collectibleOf (part: Type) : Assembly option =
        if not part.IsCollectible then
            None
        elif part.Assembly.IsCollectible then
            Some part.Assembly
        else
            let element = Option.ofObj (part.GetElementType()) |> Option.toArray
            Array.append element (part.GetGenericArguments()) |> Array.tryPick collectibleOf

    /// The serializer of a type: that of its script, or the lasting one.
    let forType (ofCSharp: JsonSerializerOptions) (wanted: Type) : JsonSerializerOptions =
        match collectibleOf wanted with
        | None -> lasting.GetValue(ofCSharp, newSerialization)
        | Some script -> ofScripts.GetOrCreateValue(script).GetOrAdd(ofCSharp, newSerialization)

    /// The serializer of a value: a script's value may hide behind a type that is no script's.
    let forValue<'value> (ofCSharp: JsonSerializerOptions) (value: 'value) : JsonSerializerOptions =
        match box value with
        | null -> forType ofCSharp typeof<'value>
        | some when typeof<'value>.IsCollectible -> forType ofCSharp typeof<'value>
        | some -> forType ofCSharp (some.GetType())
