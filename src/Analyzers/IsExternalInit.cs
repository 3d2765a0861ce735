namespace System.Runtime.CompilerServices;

/// <summary>The compiler needs this type for records on .NET Standard.</summary>
internal static class IsExternalInit;
