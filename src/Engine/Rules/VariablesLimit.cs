using System.Text;

namespace GopherFlow.Rules;

/// <summary>How large the variables of one workflow may be.</summary>
/// <param name="Bytes">The bytes of their JSON as UTF-8.</param>
internal readonly record struct VariablesLimit(int Bytes)
{
    private const int BytesPerChar = 3;

    /// <summary>Whether variables may be stored.</summary>
    public bool Allows(string stateVars) =>
        (long)stateVars.Length * BytesPerChar <= Bytes || Encoding.UTF8.GetByteCount(stateVars) <= Bytes;

    /// <summary>What is expected of variables that are too large, as the rest of a sentence.</summary>
    public string Expected(string stateVars) =>
        $"variables of at most {Bytes:N0} bytes in all (GFLOW_ENGINE_VARIABLES_LIMIT); these have {Encoding.UTF8.GetByteCount(stateVars):N0}";
}
