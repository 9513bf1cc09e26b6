using Involute.Runs;

namespace Involute.Actors.Wire;

/// <summary>A message that may cross a wire: <see cref="ProtocolSerializer"/> knows how to write it.</summary>
public interface IWireMessage
{
    /// <summary>The run it belongs to; those of other runs are not for us.</summary>
    RunId RunId { get; }
}
