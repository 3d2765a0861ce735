using System.Globalization;
using System.Text;
using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Execution;

/// <summary>A step has set variables that are larger than a workflow may have; another attempt would do the same.</summary>
internal sealed class VariablesTooLargeException(string whose, string stateVars, VariablesLimit limit)
    : NotRetryableException(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{whose} would have {Encoding.UTF8.GetByteCount(stateVars):N0} bytes, and {limit.Bytes:N0} are allowed. Keep what is large elsewhere and its key in a variable, or raise GFLOW_ENGINE_VARIABLES_LIMIT"
        )
    );
