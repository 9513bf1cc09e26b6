using System.Text.Json.Serialization;

namespace Involute.Host.Reporting.Live;

/// <summary>Writes <c>progress.json</c>: the code is made with the program, so that a run's first step waits for no look at the types.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Serialization, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(LiveStatus))]
internal sealed partial class LiveStatusJson : JsonSerializerContext;
