{{- define "raincast.labels" -}}
app.kubernetes.io/name: raincast
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "raincast.image" -}}
{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag }}{{ end }}
{{- end }}

{{- define "raincast.claim" -}}
{{ .Values.storage.existingClaim | default .Release.Name }}
{{- end }}

{{- define "raincast.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 1000
  runAsGroup: 1000
  fsGroup: 1000
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
volumes:
  - name: root
    persistentVolumeClaim: {claimName: {{ include "raincast.claim" . }}}
  - name: tmp
    emptyDir: {sizeLimit: 2Gi}
{{- end }}

{{- define "raincast.container" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
volumeMounts:
  - {name: root, mountPath: /srv/raincast}
  - {name: tmp, mountPath: /tmp}
env:
  - {name: HOME, value: /tmp}
  - name: API_KEY
    valueFrom:
      secretKeyRef:
        name: {{ required "secretName: name a Secret of yours that has the key API_KEY; there is no default" .Values.secretName }}
        key: API_KEY
{{- range .Values.secretKeys }}
  - name: {{ . }}
    valueFrom: {secretKeyRef: {name: {{ $.Values.secretName }}, key: {{ . }}, optional: true}}
{{- end }}
{{- range $name, $value := .Values.settings }}
  - {name: {{ $name }}, value: {{ $value | toString | quote }}}
{{- end }}
{{- end }}
