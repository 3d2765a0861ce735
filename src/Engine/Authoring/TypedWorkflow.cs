using System.Text.Json;
using System.Text.Json.Nodes;

namespace GopherFlow.Authoring;

/// <summary>The type argument for a workflow without input or without a result.</summary>
public sealed record Unit;

/// <summary>
/// A workflow with typed input, data and result. The data is stored in the workflow's variables, one per member. It is read once per step,
/// before the method of the state runs, and members that have changed are written with the commit of the step. A create whose variables do
/// not fit <typeparamref name="TInput"/> is rejected. Data that does not fit <typeparamref name="TData"/> makes the workflow FAILED, with
/// the path of the error. The result is the return value of a method with <see cref="EndAttribute"/>.
/// </summary>
/// <typeparam name="TInput">The input with which a workflow is created; <see cref="Unit"/> for none.</typeparam>
/// <typeparam name="TData">The data of a running workflow: a record or class that System.Text.Json can read and write.</typeparam>
/// <typeparam name="TResult">The result of a workflow; <see cref="Unit"/> for none.</typeparam>
public abstract class Workflow<TInput, TData, TResult> : Workflow
    where TInput : notnull
    where TData : notnull
{
    private JsonObject before = [];

    /// <summary>The data. Change its members, or assign a new value: <c>Data = Data with { Paid = true }</c>.</summary>
    protected TData Data { get; set; } = default!;

    /// <summary>
    /// Creates the data from the input. Called in the first step, and again in each retry, until a step of the workflow has been committed.
    /// </summary>
    protected abstract TData Begin(TInput input);

    /// <summary>
    /// Converts data of an older version to the current form, before it is deserialized. Called in every step after the first commit, so it
    /// must leave current data unchanged. Its changes are committed with the step. Default: does nothing.
    /// </summary>
    /// <param name="data">The variables, to be changed in place.</param>
    protected virtual void Upgrade(JsonObject data) { }

    internal sealed override void ReadData(StrictJson json)
    {
        var stored = Variables.ToObject();
        if (!Step.HasBegun)
        {
            var input = json.Read<TInput>(stored, Variables.Serialization, "The input");
            before = KnownOf(input, stored);
            Data = Begin(input);
            return;
        }

        var upgraded = Variables.ToObject();
        Upgrade(upgraded);
        Variables.Apply(stored, upgraded);
        Data = json.Read<TData>(upgraded, Variables.Serialization, "The data");
        before = ObjectOf(Data);
    }

    internal sealed override void WriteData(StrictJson json) => Variables.Apply(before, ObjectOf(Data));

    /// <summary>The stored variables for which the input has a member.</summary>
    private JsonObject KnownOf(TInput input, JsonObject stored)
    {
        var members = ObjectOf(input)
            .Select(member => member.Key)
            .ToHashSet(
                Variables.Serialization.PropertyNameCaseInsensitive
                    ? StringComparer.OrdinalIgnoreCase
                    : StringComparer.Ordinal
            );
        return new(
            stored
                .Where(variable => members.Contains(variable.Key))
                .Select(variable => KeyValuePair.Create(variable.Key, variable.Value?.DeepClone()))
        );
    }

    private JsonObject ObjectOf<T>(T value) =>
        JsonSerializer.SerializeToNode(value, Variables.Serialization) as JsonObject
        ?? throw new InvalidOperationException(
            $"{typeof(T).Name} does not serialize to a JSON object, so it cannot be stored as the variables of a workflow."
        );
}

/// <summary>A workflow whose input is its initial data.</summary>
/// <typeparam name="TData">The input of the workflow, and its data while it runs.</typeparam>
/// <typeparam name="TResult">The result of the workflow.</typeparam>
public abstract class Workflow<TData, TResult> : Workflow<TData, TData, TResult>
    where TData : notnull
{
    /// <inheritdoc/>
    protected override TData Begin(TData input) => input;
}

/// <summary>A workflow whose input is its initial data, and which has no result.</summary>
/// <typeparam name="TData">The input of the workflow, and its data while it runs.</typeparam>
public abstract class Workflow<TData> : Workflow<TData, Unit>
    where TData : notnull;
