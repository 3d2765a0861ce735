namespace System.Runtime.CompilerServices;

/// <summary>The compiler needs it for records on .NET Standard.</summary>
internal static class IsExternalInit;
