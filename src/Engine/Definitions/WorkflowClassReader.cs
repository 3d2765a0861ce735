using System.Reflection;
using System.Runtime.CompilerServices;
using GopherFlow.Authoring;

namespace GopherFlow.Definitions;

/// <summary>
/// Reads the definition that a <see cref="Workflow"/> class declares with attributes. Reflection is used only here, once per class; steps
/// run through compiled delegates.
/// </summary>
internal static class WorkflowClassReader
{
    private const BindingFlags Members =
        BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    /// <summary>Returns the definition, and the errors that <see cref="DefinitionValidation"/> cannot find in it.</summary>
    public static (WorkflowDefinition Definition, IReadOnlyList<DefinitionFault> Faults) Read(Type type)
    {
        var named = type.GetCustomAttribute<WorkflowAttribute>();
        var name = named?.Name ?? type.Name;
        var faults = new List<DefinitionFault>();
        if (type.IsAbstract || type.ContainsGenericParameters)
        {
            faults.Add(new(name, null, $"the class {type.Name} is abstract or generic; register a concrete class"));
            return (new WorkflowDefinition(name, named?.Description ?? "", []), faults);
        }

        // Retry and Retention are read from an instance whose constructor has not run, because they must be constants of the class.
        var blank = (Workflow)RuntimeHelpers.GetUninitializedObject(type);
        var lineage = Lineage(type);
        var typed = TypedBaseOf(type);
        var result = ContractOf(type.GetCustomAttribute<OutputAttribute>()?.Type ?? typed?.Result);
        var methods = new ClassMethods(hasData: typed is not null);
        var reading = new ClassReading(type, name, result?.Type, methods, TransitionsOf(lineage), blank.Retry, faults);
        StateDefinition[] states =
        [
            .. lineage
                .SelectMany(level => level.GetMethods(Members))
                .SelectMany(method => StateMethodReader.Read(method, reading)),
            .. lineage.SelectMany(level => level.GetFields(Members)).SelectMany(field => OfField(field, name, faults)),
        ];
        var definition = new WorkflowDefinition(
            name,
            named?.Description ?? "",
            states,
            blank.Retry,
            named?.Version,
            MarkedIn(lineage, typeof(OnCancelAttribute), name, faults),
            blank.Retention,
            MarkedIn(lineage, typeof(OnFailureAttribute), name, faults)
        )
        {
            Limits = StateLimit.DeclaredOn(type),
            Webhooks =
            [
                .. type.GetCustomAttributes<WebhookAttribute>()
                    .Select(webhook => new Webhook(webhook.Name) { On = webhook.On }),
            ],
            Tracing = new VariableTracing(
                !type.IsDefined(typeof(WithoutVariableHistoryAttribute)),
                [.. type.GetCustomAttributes<SecretAttribute>().SelectMany(secret => secret.Variables)]
            ),
            InputContract = ContractOf(type.GetCustomAttribute<InputAttribute>()?.Type ?? typed?.Input),
            OutputContract = result,
        };
        methods.Compensations = definition.Compensations;
        return (definition, faults);
    }

    /// <summary>The name of the only state with an attribute, or null.</summary>
    private static string? MarkedIn(List<Type> lineage, Type attribute, string definition, List<DefinitionFault> faults)
    {
        string[] marked =
        [
            .. lineage
                .SelectMany(level => level.GetMethods(Members))
                .Where(method => method.IsDefined(attribute))
                .Select(StateMethodReader.NameOf),
        ];
        if (marked.Length > 1)
        {
            faults.Add(
                new(
                    definition,
                    null,
                    $"marks {string.Join(" and ", marked)} with [{attribute.Name[..^nameof(Attribute).Length]}]; mark one state at most"
                )
            );
        }

        return marked.FirstOrDefault();
    }

    private static DataContract? ContractOf(Type? type) =>
        type is null || type == typeof(Unit) ? null : new DataContract(type);

    /// <summary>The input and result types from the type arguments of <see cref="Workflow{TInput, TData, TResult}"/>, or null.</summary>
    private static (Type Input, Type Result)? TypedBaseOf(Type type)
    {
        for (var level = type; level is not null; level = level.BaseType)
        {
            if (level.IsGenericType && level.GetGenericTypeDefinition() == typeof(Workflow<,,>))
            {
                return (level.GenericTypeArguments[0], level.GenericTypeArguments[2]);
            }
        }

        return null;
    }

    /// <summary>
    /// The transitions that the source generator found in the code. Derived classes come last, so an overridden state takes its transitions
    /// from there.
    /// </summary>
    private static Dictionary<string, IReadOnlyList<string>> TransitionsOf(List<Type> lineage)
    {
        var targets = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (
            var read in lineage.SelectMany(level => level.GetCustomAttributes<TransitionsAttribute>(inherit: false))
        )
        {
            targets[read.From] = read.To;
        }

        return targets;
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
