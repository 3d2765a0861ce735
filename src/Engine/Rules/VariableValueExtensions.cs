using System.Text.Json.Nodes;

namespace GopherFlow.Rules;

/// <summary>Puts a variable that was set by hand among the stored ones.</summary>
internal static class VariableValueExtensions
{
    /// <summary>The text of the object with the variable set.</summary>
    public static string SetIn(this VariableValue variable, string stateVars)
    {
        var variables = JsonNode.Parse(stateVars)!.AsObject();
        variables[variable.Key] = JsonNode.Parse(variable.JsonValue);
        return variables.ToJsonString();
    }
}
