using System.Text.Json.Serialization;

namespace Involute.Runs.Folders;

/// <summary>
/// The JSON of the small files in a run's folder, generated: a program that embeds a run may have no reflection for it.
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true,
    WriteIndented = true)]
[JsonSerializable(typeof(LedgerMark))]
[JsonSerializable(typeof(RunOrigin))]
[JsonSerializable(typeof(RunStatusFile))]
internal sealed partial class RunFolderJson : JsonSerializerContext;
