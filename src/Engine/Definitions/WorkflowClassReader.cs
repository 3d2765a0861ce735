using System.Reflection;
using System.Runtime.CompilerServices;
using GopherFlow.Authoring;

namespace GopherFlow.Definitions;

/// <summary>
/// Reads the definition that a <see cref="Workflow"/> class declares by its attributes. Reflection happens here, once; what it
/// leaves behind are delegates.
/// </summary>
internal static class WorkflowClassReader
{
    private const BindingFlags Members =
        BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    /// <summary>The definition, and the faults of the declaration that the model itself cannot hold.</summary>
    public static (WorkflowDefinition Definition, IReadOnlyList<DefinitionFault> Faults) Read(Type type)
    {
        var named = type.GetCustomAttribute<WorkflowAttribute>();
        var name = named?.Name ?? type.Name;
        var faults = new List<DefinitionFault>();
        if (type.IsAbstract || type.ContainsGenericParameters)
        {
            faults.Add(new(name, null, $"the class {type.Name} is abstract or generic; register one that can be made"));
            return (new WorkflowDefinition(name, named?.Description ?? "", []), faults);
        }

        // Asked of an instance whose constructor has not run: they are constants of the class.
        var blank = (Workflow)RuntimeHelpers.GetUninitializedObject(type);
        var lineage = Lineage(type);
        StateDefinition[] states =
        [
            .. lineage
                .SelectMany(level => level.GetMethods(Members))
                .SelectMany(method => OfMethod(type, method, name, faults)),
            .. lineage.SelectMany(level => level.GetFields(Members)).SelectMany(field => OfField(field, name, faults)),
        ];
        var definition = new WorkflowDefinition(
            name,
            named?.Description ?? "",
            states,
            blank.Retry,
            named?.Version,
            CancelStateOf(lineage, name, faults),
            blank.Retention
        )
        {
            Tracing = new VariableTracing(
                !type.IsDefined(typeof(WithoutVariableHistoryAttribute)),
                [.. type.GetCustomAttributes<SecretAttribute>().SelectMany(secret => secret.Variables)]
            ),
            InputContract = type.GetCustomAttribute<InputAttribute>() is { } input ? new(input.Type) : null,
            OutputContract = type.GetCustomAttribute<OutputAttribute>() is { } output ? new(output.Type) : null,
        };
        return (definition, faults);
    }

    private static string? CancelStateOf(List<Type> lineage, string definition, List<DefinitionFault> faults)
    {
        string[] marked =
        [
            .. lineage
                .SelectMany(level => level.GetMethods(Members))
                .Where(method => method.IsDefined(typeof(OnCancelAttribute)))
                .Select(method => method.Name),
        ];
        if (marked.Length > 1)
        {
            faults.Add(
                new(definition, null, $"marks {string.Join(" and ", marked)} with [OnCancel]; mark one state at most")
            );
        }

        return marked.FirstOrDefault();
    }

    private static List<Type> Lineage(Type type)
    {
        var levels = new List<Type>();
        for (var level = type; level is not null && level != typeof(Workflow); level = level.BaseType)
        {
            levels.Insert(0, level);
        }

        return levels;
    }

    private static IEnumerable<StateDefinition> OfMethod(
        Type type,
        MethodInfo method,
        string definition,
        List<DefinitionFault> faults
    )
    {
        if (method.GetCustomAttribute<DeclaresStateAttribute>() is not { } declared)
        {
            yield break;
        }

        if (declared is not (StartAttribute or StateAttribute))
        {
            faults.Add(
                new(
                    definition,
                    method.Name,
                    "is Manual, Error or End and never runs; declare it as a constant string, not as a method"
                )
            );
            yield break;
        }

        var function = StateMethodBinder.Bind(type, method, out var fault);
        if (fault is not null)
        {
            faults.Add(new(definition, method.Name, fault));
            function = static _ => throw new InvalidOperationException("A faulty definition never runs.");
        }

        yield return new StateDefinition(
            method.Name,
            declared is StartAttribute ? StateType.Start : StateType.Normal,
            method.GetCustomAttribute<GoesToAttribute>()?.States ?? [],
            function,
            method.GetCustomAttribute<RetryAttribute>()?.Policy,
            method.GetCustomAttribute<TimeoutAttribute>() is { } timeout ? TimeSpan.FromSeconds(timeout.Seconds) : null
        );
    }

    private static IEnumerable<StateDefinition> OfField(
        FieldInfo field,
        string definition,
        List<DefinitionFault> faults
    )
    {
        if (field.GetCustomAttribute<DeclaresStateAttribute>() is not { } declared)
        {
            yield break;
        }

        if (declared is StartAttribute or StateAttribute)
        {
            faults.Add(
                new(definition, field.Name, "is Start or Normal and runs; declare it as a method, not as a constant")
            );
            yield break;
        }

        if (!field.IsLiteral || field.GetRawConstantValue() is not string state)
        {
            faults.Add(
                new(
                    definition,
                    field.Name,
                    $"must be a constant string, such as: const string {field.Name} = \"{field.Name}\""
                )
            );
            yield break;
        }

        yield return new StateDefinition(
            state,
            declared switch
            {
                ManualAttribute => StateType.Manual,
                ErrorAttribute => StateType.Error,
                _ => StateType.End,
            },
            field.GetCustomAttribute<GoesToAttribute>()?.States ?? []
        );
    }
}
