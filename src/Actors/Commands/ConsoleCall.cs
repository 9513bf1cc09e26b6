using Akka.Actor;

namespace Involute.Commands;

/// <summary>A call on its way.</summary>
/// <param name="Connection">Number of its connection.</param>
/// <param name="Id">Its number there.</param>
/// <param name="Handler">Who carries it out.</param>
/// <param name="Call">The command.</param>
/// <param name="Answer">Takes the answers; returns at once, and may be called from any thread.</param>
internal sealed record ConsoleCall(
    long Connection, int Id, PaletteHandler Handler, CommandCall Call, Action<CommandResponse> Answer)
    : INoSerializationVerificationNeeded;
