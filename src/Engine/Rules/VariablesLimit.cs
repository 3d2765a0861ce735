using System.Text;

namespace GopherFlow.Rules;

/// <summary>The maximum size of the variables of one workflow.</summary>
/// <param name="Bytes">The maximum size in bytes of UTF-8 JSON.</param>
internal readonly record struct VariablesLimit(int Bytes)
{
    private const int BytesPerChar = 3;

    /// <summary>Whether variables are within the limit.</summary>
    public bool Allows(string stateVars) =>
        (long)stateVars.Length * BytesPerChar <= Bytes || Encoding.UTF8.GetByteCount(stateVars) <= Bytes;

    /// <summary>The expectation to show in the error message for variables that are too large.</summary>
    public string Expected(string stateVars) =>
        $"variables of at most {Bytes:N0} bytes in all (GFLOW_ENGINE_VARIABLES_LIMIT); these have {Encoding.UTF8.GetByteCount(stateVars):N0}";
}
