namespace GopherFlow.FSharp

open System
open System.Collections.Concurrent
open System.Reflection
open System.Runtime.CompilerServices
open System.Text.Json
open System.Text.Json.Serialization.Metadata
open Microsoft.FSharp.Reflection

/// Chooses the serializer options for a type. JsonSerializerOptions cache every type they have seen, so the types of a script get
/// their own options, which are collected together with the script.
module internal ScriptJson =

    let private mayBeAbsent (field: Type) =
        field.IsGenericType
        && (let kind = field.GetGenericTypeDefinition()

            kind = typedefof<_ option>
            || kind = typedefof<_ voption>
            || kind = typedefof<Nullable<_>>)

    /// All fields of an F# record are required, except options, value options and nullables.
    let private relieveOptions (contract: JsonTypeInfo) =
        if
            contract.Kind = JsonTypeInfoKind.Object
            && FSharpType.IsRecord(contract.Type, true)
        then
            for field in contract.Properties do
                if mayBeAbsent field.PropertyType then
                    field.IsRequired <- false

    /// The C# options, including the converters of the application, extended for F#: an option is its value or null, lists and sets
    /// are arrays, maps are objects.
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

    /// The options for a type: those of its script if it belongs to one, otherwise the shared ones.
    let forType (ofCSharp: JsonSerializerOptions) (wanted: Type) : JsonSerializerOptions =
        match collectibleOf wanted with
        | None -> lasting.GetValue(ofCSharp, newSerialization)
        | Some script -> ofScripts.GetOrCreateValue(script).GetOrAdd(ofCSharp, newSerialization)

    /// The options for a value. Its static type may belong to no script while its runtime type does.
    let forValue<'value> (ofCSharp: JsonSerializerOptions) (value: 'value) : JsonSerializerOptions =
        match box value with
        | null -> forType ofCSharp typeof<'value>
        | some when typeof<'value>.IsCollectible -> forType ofCSharp typeof<'value>
        | some -> forType ofCSharp (some.GetType())
