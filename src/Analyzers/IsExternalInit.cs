namespace System.Runtime.CompilerServices;

/// <summary>The compiler asks for it where a record is compiled for .NET Standard.</summary>
internal static class IsExternalInit;
