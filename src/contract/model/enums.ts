import * as sdk from '@aws-sdk/client-pinpoint';

/**
 * Where the model's enumerations stand. The SDK exports their values at run time but its schemas call them
 * strings; a test compares this table with the SDK's own type declarations.
 */
const places: readonly (readonly [values: Readonly<Record<string, string>>, members: readonly string[]])[] = [
  [
    sdk.Action,
    [
      'ADMMessage.Action',
      'APNSMessage.Action',
      'APNSPushNotificationTemplate.Action',
      'AndroidPushNotificationTemplate.Action',
      'BaiduMessage.Action',
      'DefaultPushNotificationMessage.Action',
      'DefaultPushNotificationTemplate.Action',
      'GCMMessage.Action',
      'Message.Action',
    ],
  ],
  [sdk.Alignment, ['InAppMessageBodyConfig.Alignment', 'InAppMessageHeaderConfig.Alignment']],
  [sdk.AttributeType, ['AttributeDimension.AttributeType']],
  [sdk.ButtonAction, ['DefaultButtonConfiguration.ButtonAction', 'OverrideButtonConfiguration.ButtonAction']],
  [sdk.CampaignStatus, ['CampaignState.CampaignStatus']],
  [
    sdk.ChannelType,
    [
      'AddressConfiguration.ChannelType',
      'EndpointBatchItem.ChannelType',
      'EndpointRequest.ChannelType',
      'EndpointResponse.ChannelType',
      'PublicEndpoint.ChannelType',
    ],
  ],
  [
    sdk.DayOfWeek,
    ['OpenHours.CUSTOM', 'OpenHours.EMAIL', 'OpenHours.PUSH', 'OpenHours.SMS', 'OpenHours.VOICE'],
  ],
  [sdk.DeliveryStatus, ['EndpointMessageResult.DeliveryStatus', 'MessageResult.DeliveryStatus']],
  [sdk.DimensionType, ['SetDimension.DimensionType']],
  [sdk.Duration, ['RecencyDimension.Duration']],
  [sdk.FilterType, ['CampaignEventFilter.FilterType', 'EventFilter.FilterType']],
  [sdk.Format, ['ImportJobRequest.Format', 'ImportJobResource.Format', 'SegmentImportResource.Format']],
  [sdk.Frequency, ['Schedule.Frequency']],
  [sdk.Include, ['SegmentGroupList.Include']],
  [sdk.JobStatus, ['ExportJobResponse.JobStatus', 'ImportJobResponse.JobStatus']],
  [sdk.JourneyRunStatus, ['JourneyRunResponse.Status']],
  [
    sdk.Layout,
    [
      'CampaignInAppMessage.Layout',
      'InAppMessage.Layout',
      'InAppTemplateRequest.Layout',
      'InAppTemplateResponse.Layout',
    ],
  ],
  [
    sdk.MessageType,
    ['CampaignSmsMessage.MessageType', 'JourneySMSMessage.MessageType', 'SMSMessage.MessageType'],
  ],
  [sdk.Mode, ['CampaignHook.Mode']],
  [sdk.Operator, ['Condition.Operator']],
  [sdk.RecencyType, ['RecencyDimension.RecencyType']],
  [sdk.SegmentType, ['SegmentResponse.SegmentType']],
  [sdk.SourceType, ['SegmentGroup.SourceType']],
  [sdk.State, ['JourneyResponse.State', 'JourneyStateRequest.State', 'WriteJourneyRequest.State']],
  [
    sdk.TemplateType,
    [
      'EmailTemplateResponse.TemplateType',
      'InAppTemplateResponse.TemplateType',
      'PushNotificationTemplateResponse.TemplateType',
      'SMSTemplateResponse.TemplateType',
      'TemplateResponse.TemplateType',
      'VoiceTemplateResponse.TemplateType',
    ],
  ],
  [sdk.Type, ['SegmentGroup.Type']],
  [
    sdk.__EndpointTypesElement,
    ['CustomDeliveryConfiguration.EndpointTypes', 'CustomMessageActivity.EndpointTypes'],
  ],
  [
    sdk.__TimezoneEstimationMethodsElement,
    ['JourneyResponse.TimezoneEstimationMethods', 'WriteJourneyRequest.TimezoneEstimationMethods'],
  ],
];

/** Enumerations by `Struct.Member`; for a list its elements', for a map its keys'. */
export const enumPlaces: ReadonlyMap<string, readonly string[]> = new Map(
  places.flatMap(([values, members]) => members.map((member) => [member, Object.values(values)] as const)),
);

/** The members that hold doubles; every other number of the model is a 32-bit integer. */
export const doublePlaces: ReadonlySet<string> = new Set([
  'EndpointLocation.Latitude',
  'EndpointLocation.Longitude',
  'GPSCoordinates.Latitude',
  'GPSCoordinates.Longitude',
  'GPSPointDimension.RangeInKilometers',
  'MetricDimension.Value',
  'EndpointBatchItem.Metrics',
  'EndpointRequest.Metrics',
  'EndpointResponse.Metrics',
  'Event.Metrics',
  'PublicEndpoint.Metrics',
]);
