using System.Globalization;
using System.Text;
using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Execution;

/// <summary>Variables or a result exceed the size limit. It is not retryable, because a retry would fail in the same way.</summary>
internal sealed class VariablesTooLargeException(string whose, string stateVars, VariablesLimit limit)
    : NotRetryableException(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{whose} would have {Encoding.UTF8.GetByteCount(stateVars):N0} bytes, but only {limit.Bytes:N0} are allowed. Store large data elsewhere and keep its key in a variable, or raise GFLOW_ENGINE_VARIABLES_LIMIT"
        )
    );
